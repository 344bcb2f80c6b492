import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { HttpPool, HttpResult } from '../../lib/http.ts';
import type { TemplateApproval, TemplateGateway } from '../../messaging/port.ts';
import { replyOrThrow } from './problems.ts';
import type { Site } from './site.ts';

const created = z.object({ sid: z.string().regex(/^HX[0-9a-f]{32}$/i) });
const approval = z.object({ status: z.string(), rejection_reason: z.string().nullish() });
const approvals = z.object({ whatsapp: approval.nullish() });

/** Twilio's and Meta's words for a template's state. `received` is Twilio's, before Meta has seen it. */
const STATES: Record<string, Exclude<TemplateApproval['state'], 'rejected'>> = {
  unsubmitted: 'unsubmitted',
  received: 'pending',
  pending: 'pending',
  in_appeal: 'pending',
  approved: 'approved',
  paused: 'paused',
  disabled: 'disabled',
  pending_deletion: 'disabled',
};

/**
 * WhatsApp templates through Twilio's Content API. Not through the SDK: it types this API's requests in camelCase but
 * posts them as they stand, while the API reads `friendly_name` and `twilio/text`.
 */
export function createTemplates(site: Site, pool: HttpPool): TemplateGateway {
  async function call<T>(schema: z.ZodType<T>, doing: string, path: string, json: object): Promise<T> {
    const body = JSON.stringify(json);
    return understood(schema, doing, await pool.call({ method: 'POST', path, headers: site.jsonHeaders, body }));
  }
  const approvalsOf = (contentId: string) => `/v1/Content/${encodeURIComponent(contentId)}/ApprovalRequests`;

  return {
    async create({ name, language, body, samples }) {
      const content = { friendly_name: name, language, variables: samples, types: { 'twilio/text': { body } } };
      return (await call(created, 'create the template', '/v1/Content', content)).sid;
    },
    async submit(contentId, { name, category }) {
      const path = `${approvalsOf(contentId)}/whatsapp`;
      return toApproval(await call(approval, 'submit the template', path, { name, category }));
    },
    async approval(contentId) {
      const path = approvalsOf(contentId);
      const result = await pool.call({ method: 'GET', path, headers: site.readHeaders });
      if (result.kind === 'reply' && result.status === 404) return null;
      const { whatsapp } = understood(approvals, 'ask for the approval', result);
      return whatsapp ? toApproval(whatsapp) : { state: 'unsubmitted' };
    },
  };
}

function understood<T>(schema: z.ZodType<T>, doing: string, result: HttpResult): T {
  const parsed = schema.safeParse(parse(replyOrThrow(result, doing).body));
  if (!parsed.success) throw notUnderstood(doing);
  return parsed.data;
}

function toApproval({ status, rejection_reason }: z.infer<typeof approval>): TemplateApproval {
  const word = status.toLowerCase();
  if (word === 'rejected') return { state: 'rejected', reason: rejection_reason || 'WhatsApp gave no reason' };
  const state = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  if (!state) throw notUnderstood(`read the approval state "${word.slice(0, 40)}"`);
  return { state };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notUnderstood(doing: string): KnownError {
  return new KnownError(
    'unavailable',
    `Twilio: could not ${doing}: answer not understood`,
    'Twilio answered something LeadRescue does not understand. Try again, or look at the template in Twilio.',
  );
}
