import { isId, type TenantId } from '../lib/ids.ts';
import type { Tenant } from '../tenants/index.ts';
import type { SlackClient } from './client.ts';

/*
 * Several businesses may share a workspace, and then a button must act in the one it was made for, whatever its presser
 * has chosen meanwhile. What a further business shows carries its id behind each action's and window's own id; what
 * carries none belongs to the first one of the workspace, as everything did before there was a second.
 */

const MARK = '@';

/** A stamp is a place to look, not a permission: whoever acts must have a place there. */
function stampOf(tenant: Pick<Tenant, 'id' | 'firstInTeam'>): string {
  return tenant.firstInTeam ? '' : `${MARK}${Buffer.from(tenant.id.replaceAll('-', ''), 'hex').toString('base64url')}`;
}

/** An action's or window's own id, and the tenant it belongs to. */
export function readStamp(stamped: string): { id: string; to: TenantId | 'first' } {
  const at = stamped.lastIndexOf(MARK);
  if (at < 0) return { id: stamped, to: 'first' };
  const hex = Buffer.from(stamped.slice(at + 1), 'base64url').toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isId(uuid) ? { id: stamped.slice(0, at), to: uuid as TenantId } : { id: stamped, to: 'first' };
}

/** Names that hold an id which Slack gives back to us. */
const IDS = new Set(['action_id', 'callback_id']);

/** The same message, blocks or view with the tenant's stamp on every id in it. */
export function stamped<T>(tenant: Pick<Tenant, 'id' | 'firstInTeam'>, shown: T): T {
  const stamp = stampOf(tenant);
  return stamp === '' ? shown : (mark(shown, stamp) as T);
}

function mark(part: unknown, stamp: string): unknown {
  if (Array.isArray(part)) return part.map((each) => mark(each, stamp));
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) =>
      IDS.has(name) && typeof value === 'string' ? [name, `${value}${stamp}`] : [name, mark(value, stamp)],
    ),
  );
}

/** The workspace's Web API as this tenant uses it. */
export function stampingClient(tenant: Pick<Tenant, 'id' | 'firstInTeam'>, client: SlackClient): SlackClient {
  if (tenant.firstInTeam) return client;
  return {
    ...client,
    call: (method, args, answer) =>
      client.call(
        method,
        {
          ...args,
          ...('blocks' in args && { blocks: stamped(tenant, args.blocks) }),
          ...('view' in args && { view: stamped(tenant, args.view) }),
        },
        answer,
      ),
  };
}
