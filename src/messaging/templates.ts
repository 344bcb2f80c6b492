import { type Database, isOutage, type Tx } from '../db/index.ts';
import { append, type NewEffect, request, wake } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isKnown, KnownError } from '../lib/errors.ts';
import type { AccountId, LeadId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import {
  type Account,
  demand,
  type Playbooks,
  type RoutingBook,
  type Staff,
  type Template,
  type Tenants,
  tenantPlaybook,
  textsOfStep,
  toWhatsAppBody,
  whatsAppVariables,
} from '../tenants/index.ts';
import type { Carried, GatewayBook } from './gateway-book.ts';
import type { TemplateApproval, TemplateGateway } from './port.ts';

/** One template that may have to leave outside the window, in one language, and where its approval stands with one sender. */
export interface TemplateState {
  /** E.164; null while there is no sender that it could be submitted with. */
  sender: string | null;
  template: Template;
  state: TemplateApproval['state'] | 'creating' | 'none';
  reason: string | null;
}

export interface Templates {
  /** Every template of the cadence and of appointments in every language, with its approval with each sender, in their order. */
  list(tenantId: TenantId, playbook: string): Promise<TemplateState[]>;
  /**
   * Creates and submits what is not submitted yet, in these languages, with every sender. Returns how many were submitted. A sender
   * whose gateway refuses keeps none of the others back; its `KnownError` comes at the end.
   */
  submit(tenantId: TenantId, staff: Staff | null, playbook: string, languages?: readonly string[]): Promise<number>;
  /** Asks what became of those that wait, and once an hour of the others; `all` asks about every one now. Returns how many changed. */
  follow(all?: boolean): Promise<number>;
}

interface Row {
  tenantId: TenantId;
  accountId: AccountId;
  key: string;
  version: string;
  language: string;
  contentId: string | null;
  state: string;
  reason: string | null;
}

/** Cards that are refreshed when a template is lost; the others are when their lead does something. */
const MAX_CARDS = 200;

const FIELDS = `tenant_id as "tenantId", account_id as "accountId", template_key as key, version, language,
  content_id as "contentId", state, reason`;

export function createTemplates(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  routing: RoutingBook;
  playbooks: Playbooks;
  gateways: Pick<GatewayBook, 'of'>;
}): Templates {
  const { db, clock, log, tenants, routing, playbooks, gateways } = deps;

  // the other notices answer a customer, whose window is open then
  const submittable = async (tenantId: TenantId, playbook: string): Promise<Template[]> => {
    const book = tenantPlaybook(playbooks.get(playbook), await tenants.settings(tenantId));
    if (!book.cadence.channels.includes('whatsapp')) return [];
    const keys = new Set(book.cadence.steps.flatMap(textsOfStep));
    return book.templates.filter(({ key }) => keys.has(key) || key.startsWith('booking_'));
  };

  async function stored(tenantId: TenantId): Promise<Row[]> {
    return db.inTenant(tenantId, (tx) =>
      tx.query<Row>(`select ${FIELDS} from whatsapp_templates t where tenant_id = $1`, [tenantId]),
    );
  }

  /** The WhatsApp accounts of a tenant, in the order in which they are tried. */
  async function sendersOf(tenantId: TenantId): Promise<Account[]> {
    const { routes = [] } = await routing.of(tenantId);
    return routes.flatMap(({ account }) => (account.channel === 'whatsapp' ? [account] : []));
  }

  /** What waited for this text may leave; the guard looks at each once more. In a paused follow-up it goes on waiting. */
  async function release(tx: Tx, row: Row): Promise<void> {
    const released = await tx.query(
      // messages_waiting
      `update messages m set account_id = $2, channel = 'whatsapp',
         state = case when w.paused then m.state else 'scheduled' end, reason = case when w.paused then 'paused' end
       from (select x.id, coalesce(e.state = 'paused', false) as paused
         from messages x left join enrolments e on e.id = x.enrolment_id
         where x.tenant_id = $1 and x.state = 'held' and x.reason = 'template_needed' and x.template_key = $3
           and x.address_id is not null order by x.id for update of x) w
       where m.id = w.id returning m.id`,
      [tx.tenantId, row.accountId, row.key],
    );
    if (released.length > 0) await wake(tx, 'messages');
  }

  async function save(row: Row, event: boolean, lost = false): Promise<void> {
    await db.inTenant(row.tenantId, async (tx) => {
      const [before] = await tx.query<{ state: string }>(
        `select state from whatsapp_templates where tenant_id = $1 and account_id = $2 and template_key = $3
           and version = $4 and language = $5 for update`,
        [row.tenantId, row.accountId, row.key, row.version, row.language],
      );
      await tx.query(
        `insert into whatsapp_templates
           (tenant_id, account_id, template_key, version, language, name, content_id, state, reason, checked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (tenant_id, account_id, template_key, version, language) do update
           set content_id = excluded.content_id, state = excluded.state, reason = excluded.reason, checked_at = excluded.checked_at,
             lost_at = case when excluded.state = 'approved' then null when $11 then excluded.checked_at
               else whatsapp_templates.lost_at end`,
        [
          row.tenantId,
          row.accountId,
          row.key,
          row.version,
          row.language,
          nameOf(row),
          row.contentId,
          row.state,
          row.reason,
          clock.now(),
          lost,
        ],
      );
      if (row.state === 'approved' && before?.state !== 'approved') await release(tx, row);
      if (!event || before?.state === row.state) return; // another worker was told the same
      const data = { template: row.key, language: row.language, version: row.version, state: row.state };
      await append(tx, tx.tenantId, clock.now(), 'gateway', [{ type: 'template.changed', data }]);
      if (lost) await request(tx, tx.tenantId, await afterLoss(tx, row));
    });
    routing.forget(row.tenantId);
  }

  /** Creates and submits one template with one sender, unless it was; 1 when it did. */
  async function submitOne(
    tenantId: TenantId,
    accountId: AccountId,
    gateway: TemplateGateway,
    template: Template,
    rows: readonly Row[],
  ): Promise<number> {
    const row = rows.find((each) => isOf(each, template));
    if (row && !['creating', 'unsubmitted', 'rejected'].includes(row.state)) return 0;
    const { key, version, language } = template;
    const base = { tenantId, accountId, key, version, language };
    // the content id is kept before it is submitted, so that a crash between the two submits and does not create again
    let contentId = row?.contentId ?? null;
    if (!contentId) {
      const { body, order } = toWhatsAppBody(template);
      const samples = whatsAppVariables(order, template.samples);
      contentId = await gateway.create({ name: nameOf(base), language, body, samples });
      await save({ ...base, contentId, state: 'unsubmitted', reason: null }, false);
    }
    const approval = await gateway.submit(contentId, { name: nameOf(base), category: template.category });
    const reason = 'reason' in approval ? approval.reason : null;
    await save({ ...base, contentId, state: approval.state, reason }, true);
    return 1;
  }

  /** Asks what became of one template, and keeps it; whether it changed. */
  async function ask(row: Row & Carried): Promise<boolean> {
    const gateway = (await gateways.of(row))?.templates;
    if (!gateway || !row.contentId) return false;
    const approval = await gateway.approval(row.contentId);
    // deleted at the gateway: it is created anew when it is submitted again, and goes by SMS until then
    const contentId = approval ? row.contentId : null;
    const state = approval?.state ?? 'creating';
    const reason = approval && 'reason' in approval ? approval.reason : null;
    const moved = state !== row.state;
    await save({ ...row, contentId, state, reason }, moved, row.state === 'approved');
    return moved;
  }

  return {
    async list(tenantId, playbook) {
      const senders = (await sendersOf(tenantId)).filter(({ freeText }) => !freeText);
      const rows = await stored(tenantId);
      const templates = await submittable(tenantId, playbook);
      return (senders.length > 0 ? senders : [null]).flatMap((account) =>
        templates.map((template) => {
          const row = rows.find((each) => each.accountId === account?.id && isOf(each, template));
          const state = (row?.state ?? 'none') as TemplateState['state'];
          return { sender: account?.sender ?? null, template, state, reason: row?.reason ?? null };
        }),
      );
    },

    async submit(tenantId, staff, playbook, languages) {
      if (staff) demand(staff, 'templates.submit');
      const rows = await stored(tenantId);
      const wanted = (await submittable(tenantId, playbook)).filter(
        ({ language }) => !languages || languages.includes(language),
      );
      let submitted = 0;
      let carried = 0;
      let refusal: KnownError | undefined;
      // with every sender that may have to take over, so that it can
      for (const account of await sendersOf(tenantId)) {
        const gateway = (await gateways.of(account))?.templates;
        if (!gateway) continue;
        carried++;
        const known = rows.filter((row) => row.accountId === account.id);
        try {
          for (const template of wanted) submitted += await submitOne(tenantId, account.id, gateway, template, known);
        } catch (error) {
          if (!isKnown(error)) throw error;
          refusal ??= error;
        }
      }
      if (refusal) throw refusal;
      if (carried === 0) {
        throw new KnownError(
          'unavailable',
          'no WhatsApp sender',
          'Connect a WhatsApp sender first; templates belong to it.',
        );
      }
      return submitted;
    },

    async follow(all = false) {
      // stamped as they are taken, so that those of a gateway which does not answer go behind all others
      const waiting = await db.system.query<Row & Carried>(
        `with due as materialized (
           select tenant_id, account_id, template_key, version, language from whatsapp_templates
           where state in ('pending', 'approved', 'paused') and content_id is not null
             and (state = 'pending' or checked_at < $1 or $2) order by checked_at limit 50 for update skip locked)
         update whatsapp_templates set checked_at = $3 from accounts
         where accounts.id = account_id and (tenant_id, account_id, template_key, version, language) in (select * from due)
         returning ${FIELDS}, vendor, credential_id as "credentialId"`,
        [new Date(clock.now().getTime() - 3_600_000), all, clock.now()],
      );
      let changed = 0;
      for (const row of waiting) {
        try {
          if (await ask(row)) changed++;
        } catch (error) {
          if (isOutage(error)) throw error;
          log.warn({ err: error, account: row.accountId }, 'a template could not be asked about, it is asked again');
        }
      }
      return changed;
    },
  };
}

/**
 * A template that was approved and is not any more: an alert finds it, and the cards of what was planned with it soon
 * say how it travels now. The guard plans around it when it sends.
 */
async function afterLoss(tx: Tx, row: Row): Promise<NewEffect[]> {
  const cards = await tx.query<{ leadId: LeadId }>(
    // messages_due
    `select distinct m.lead_id as "leadId" from messages m
     where m.tenant_id = $1 and m.state = 'scheduled' and m.account_id = $2 and m.template_key = $3 and m.language = $4
       and m.lead_id is not null limit ${MAX_CARDS}`,
    [row.tenantId, row.accountId, row.key, row.language],
  );
  return cards.map(({ leadId }): NewEffect => ({ kind: 'card.refresh', key: leadId }));
}

const isOf = (row: Row, { key, version, language }: Template) =>
  row.key === key && row.version === version && row.language === language;

/** WhatsApp names: lower case, digits and underscores; the version keeps two wordings apart. */
const nameOf = (template: { key: string; version: string; language: string }) =>
  `${template.key}_${template.language}_${template.version}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
