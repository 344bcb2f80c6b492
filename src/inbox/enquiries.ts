import { type Capture, type CaptureInput, checkEnquiry, readSubmission, type Submission } from '../leads/index.ts';
import { isKnown, type KnownError, validationError } from '../lib/errors.ts';
import { derivedId, type LeadId, newId, type TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { type Playbook, type Playbooks, type Tenants, tenantPlaybook } from '../tenants/index.ts';
import { senderOf } from './sender.ts';
import { ENQUIRY } from './source-leads.ts';
import type { WebhookLog } from './webhook-log.ts';

/** An enquiry that came in from outside, for a tenant that its door knows. */
export interface Incoming {
  tenantId: TenantId;
  /** The door, for reports: `form`, `form:website`. */
  source: string;
  playbook: string;
  payload: Readonly<Record<string, unknown>>;
  /** The `Idempotency-Key`, which makes sending it again harmless; empty where there is none. */
  submissionId: string;
}

/** Enquiries from outside: stored as they came, sealed, before anything else is done with them (G5). */
export interface Enquiries {
  /**
   * Keeps an enquiry and makes a lead of it, or merges it into the one that is open. Throws a validation error, its
   * problems at JSON pointers into the payload. What fails otherwise is tried again by itself.
   */
  receive(incoming: Incoming): Promise<{ leadId: LeadId }>;
  /**
   * Throws what `receive` would throw for fields that are not right, and keeps nothing. Who still types has not sent anything. The
   * problems are at the playbook's own names: `name`, `phone`, `email`, `consent`, or the field's key.
   */
  check(incoming: Pick<Incoming, 'tenantId' | 'playbook' | 'payload'>): Promise<void>;
  /** Finishes what was stored but not processed. Returns how many. */
  retry(): Promise<number>;
}

export function createEnquiries(deps: {
  log: Logger;
  webhooks: WebhookLog;
  capture: Capture;
  tenants: Tenants;
  playbooks: Playbooks;
}): Enquiries {
  const { log, webhooks, capture, tenants, playbooks } = deps;

  async function process(id: string, incoming: Incoming, sourceKey: string): Promise<{ leadId: LeadId }> {
    const { tenantId } = incoming;
    const read = readSubmission(playbooks.get(incoming.playbook), incoming.payload);
    const sender = senderOf(read, (await tenants.byId(tenantId)).country);
    try {
      const { leadId } = await capture.capture(tenantId, inputOf(incoming, read, sourceKey));
      await webhooks.done(id, { tenantId, sender, about: 'lead' });
      return { leadId };
    } catch (error) {
      if (!isKnown(error) || error.code !== 'validation_error') throw error;
      // it never can be a lead: kept as it came, and not tried again
      const reason = `invalid: ${error.problems.map(({ field }) => field).join(', ')}`;
      await webhooks.refuse(id, reason, { tenantId, sender });
      throw pointing(error, read);
    }
  }

  return {
    async receive(incoming) {
      const sourceKey = incoming.submissionId || keyOf(playbooks.get(incoming.playbook), incoming.payload);
      const { tenantId, source, playbook } = incoming;
      const payload = JSON.stringify(incoming.payload);
      const raw = { tenantId, source, playbook, sourceKey, payload };
      // a refused one that was put right comes under the same key, and is kept as it came then
      const once = derivedId(tenantId, source, sourceKey, payload);
      const { id } = await webhooks.store(ENQUIRY, once, raw, { tenantId });
      return process(id, incoming, sourceKey);
    },
    async check({ tenantId, playbook, payload }) {
      const [tenant, settings] = await Promise.all([tenants.byId(tenantId), tenants.settings(tenantId)]);
      const own = tenantPlaybook(playbooks.get(playbook), settings);
      const incoming = { tenantId, playbook, payload, source: '', submissionId: '' };
      checkEnquiry(inputOf(incoming, readSubmission(own, payload), ''), own, tenant.country);
    },
    async retry() {
      const open = await webhooks.takeOpen(20, { only: [ENQUIRY] });
      for (const { id, body, attempts } of open) {
        const { tenantId = '', source = '', playbook = '', sourceKey = '', payload = '{}' } = body;
        const incoming = {
          tenantId: tenantId as TenantId,
          source,
          playbook,
          payload: JSON.parse(payload),
          submissionId: '',
        };
        await process(id, incoming, sourceKey).catch((error) =>
          log.warn({ err: error, webhook: id, attempts }, 'a stored enquiry could not be processed yet'),
        );
      }
      return open.length;
    },
  };
}

/**
 * Under what a submission is known that came without a key. An id in it says that it is the same only where everything else
 * is: some forms put one id into all that they send. Pure.
 */
function keyOf(playbook: Playbook, payload: Incoming['payload']): string {
  const { submissionId } = readSubmission(playbook, payload);
  return submissionId === '' ? newId() : derivedId('submission', JSON.stringify(payload));
}

/** What is to be captured of a submission that nobody of ours has seen. Pure. */
const inputOf = ({ playbook, source }: Incoming, read: Submission, sourceKey: string): CaptureInput => ({
  playbook,
  source,
  sourceKey,
  ownerId: null,
  actor: 'customer',
  known: 'merge',
  name: read.name,
  phone: read.phone,
  email: read.email,
  language: read.language,
  fields: read.fields,
  consentGiven: read.consentGiven,
  anonymous: 'form',
});

/** The same problems, each where it is in what was sent. */
const pointing = (error: KnownError, { pointers }: Submission): KnownError =>
  validationError(error.problems.map(({ field, message }) => ({ field: pointers[field] ?? `/${field}`, message })));
