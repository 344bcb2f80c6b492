import { type Capture, readSourced } from '../leads/index.ts';
import { isKnown } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { LeadSource, LeadSourceBook, Playbooks, SourceKind, Tenants } from '../tenants/index.ts';
import { SOURCE_KINDS } from '../tenants/index.ts';
import type { SourcePort, SourceReading } from './port.ts';
import { senderOf } from './sender.ts';
import type { WebhookLog } from './webhook-log.ts';

/** Under this name enquiries of forms are stored; those of sources under their kind. */
export const ENQUIRY = 'enquiry';
/** Names under which webhooks are stored that make leads. */
export const LEAD_WEBHOOKS: readonly string[] = [ENQUIRY, ...SOURCE_KINDS];

/** A webhook of a source, verified by its door. */
export interface SourceWebhook {
  kind: SourceKind;
  /** Their id of it, which makes bringing it again harmless. */
  externalId: string;
  raw: string;
  /** How it is known whose it is: the source that its key is of, or the account that it names. */
  of: { source: LeadSource } | { account: string };
  /** It is of no kind that makes leads: kept, and nothing follows from it. */
  ignored?: true;
}

/** Leads of ads and other systems: stored as they came, sealed, before anything else is done with them (G5). */
export interface SourceLeads {
  /** Stores it; the lead is made by whoever is woken for it (`leads`). The same one again has no effect. */
  keep(webhook: SourceWebhook): Promise<void>;
  /** Makes leads of what was stored and is not finished. Returns how many were looked at. */
  retry(): Promise<number>;
}

/** Looked at together; each may have to fetch its lead. */
const AT_ONCE = 8;

export function createSourceLeads(deps: {
  log: Logger;
  webhooks: WebhookLog;
  capture: Capture;
  tenants: Tenants;
  playbooks: Playbooks;
  sources: LeadSourceBook;
  ports: ReadonlyMap<SourceKind, SourcePort>;
}): SourceLeads {
  const { log, webhooks, capture, tenants, playbooks, sources, ports } = deps;

  const sourceOf = (kind: SourceKind, { source, account }: Body) =>
    source === '' ? sources.byAccount(kind, account) : sources.byId(source);

  async function process(id: string, kind: SourceKind, body: Body): Promise<void> {
    const source = await sourceOf(kind, body);
    if (!source) return webhooks.park(id, 'not_connected');
    const { tenantId } = source;
    const reading = await read(source, body.raw);
    switch (reading.kind) {
      case 'lead':
        return make(id, source, reading);
      case 'test':
        await sources.saw(source.id, 'test', []);
        return webhooks.done(id, { tenantId, about: 'test' });
      case 'nothing':
        return webhooks.done(id, { tenantId, about: reading.why });
      case 'later':
        return webhooks.postpone(id, reading.why, { tenantId, patiently: true });
      case 'stuck':
        log.warn({ webhook: id, reason: reading.why }, 'a lead of a source waits for somebody');
        return webhooks.park(id, reading.why, { tenantId });
    }
  }

  async function read(source: LeadSource, raw: string): Promise<SourceReading> {
    const port = ports.get(source.kind);
    return port ? port.read(raw, await sources.secretsOf(source.id)) : { kind: 'stuck', why: 'not_configured' };
  }

  async function make(id: string, source: LeadSource, { lead }: SourceReading & { kind: 'lead' }): Promise<void> {
    const { tenantId, kind, playbook } = source;
    const tenant = await tenants.byId(tenantId);
    const sent = readSourced(playbooks.get(playbook), lead.fields, source.mapping, tenant.language);
    const sender = senderOf(sent, tenant.country);
    await sources.saw(
      source.id,
      'lead',
      lead.fields.map(({ name }) => name),
    );
    const { pointers: _pointers, submissionId: _submission, ...said } = sent;
    try {
      await capture.capture(tenantId, {
        ...said,
        playbook,
        source: kind,
        sourceKey: lead.id,
        ownerId: null,
        actor: 'customer',
        known: 'merge',
        // a system that knows its people answers for their addresses; in an ad's form anybody writes
        ...(lead.personId ? { externalId: { system: kind, id: lead.personId } } : { anonymous: 'ad' }),
      });
    } catch (error) {
      if (!isKnown(error) || error.code !== 'validation_error') throw error;
      // somebody paid for it: it waits until people have said what its fields mean
      const fields = error.problems.map(({ field }) => field).join(', ');
      log.warn({ webhook: id, fields }, 'a lead of a source lacks something and is parked');
      return webhooks.park(id, `invalid: ${fields}`, { tenantId, sender });
    }
    await webhooks.done(id, { tenantId, sender, about: 'lead' });
  }

  /** What nobody foresaw is tried again as well. */
  async function attempt(id: string, kind: SourceKind, body: Body, attempts: number): Promise<void> {
    try {
      await process(id, kind, body);
    } catch (error) {
      log.warn({ err: error, webhook: id, attempts }, 'a stored lead could not be processed yet');
      await webhooks.postpone(id, 'failed');
    }
  }

  return {
    async keep({ kind, externalId, raw, of, ignored }) {
      const source = 'source' in of ? of.source : undefined;
      const body: Body = { raw, source: source?.id ?? '', account: 'account' in of ? of.account : '' };
      // two tenants' ids of their own may be the same
      const scope = source ? `${source.id}/` : '';
      const known = { soon: true as const, ...(source && { tenantId: source.tenantId }) };
      const { id } = await webhooks.store(kind, scope + externalId, { ...body }, known);
      if (!ignored) return;
      const tenantId = (await sourceOf(kind, body))?.tenantId;
      await webhooks.done(id, { tenantId, about: 'ignored' });
    },
    async retry() {
      for (let looked = 0; ; ) {
        const open = await webhooks.takeOpen(AT_ONCE, { only: SOURCE_KINDS });
        await Promise.all(
          open.map(({ id, source, body, attempts }) => attempt(id, source as SourceKind, bodyOf(body), attempts)),
        );
        looked += open.length;
        if (open.length < AT_ONCE) return looked;
      }
    },
  };
}

/** As it is stored: the webhook, and how it is known whose it is. */
interface Body {
  raw: string;
  source: string;
  account: string;
}

const bodyOf = ({ raw = '', source = '', account = '' }: Record<string, string>): Body => ({ raw, source, account });
