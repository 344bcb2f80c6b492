import { z } from 'zod';
import { isKnown } from '../../lib/errors.ts';
import type { TemplateApproval, TemplateGateway } from '../../messaging/port.ts';
import { answerOf } from './problems.ts';
import { contentIdOf, partsOf } from './send.ts';
import type { Site } from './site.ts';

const template = z.object({ state: z.string().max(60), rejected_reason: z.string().max(500).optional() });

const STATES: Record<string, Exclude<TemplateApproval['state'], 'rejected'>> = {
  DRAFT: 'unsubmitted',
  SUBMIT: 'pending',
  IN_PROGRESS: 'pending',
  PENDING: 'pending',
  APPROVED: 'approved',
  PAUSED: 'paused',
  DISABLED: 'disabled',
};

/**
 * WhatsApp templates by Sinch's provisioning API: created as a draft, which is not looked at, and submitted by an edit. They
 * are known by name and language (developers.sinch.com/docs/provisioning-api/getting-started/whatsapp/templates).
 */
export function createTemplates(site: Site): TemplateGateway {
  const templates = `/v1/projects/${site.projectId}/whatsapp/templates`;
  const pathOf = (contentId: string) => {
    const { name, language } = partsOf(contentId);
    return `${templates}/${encodeURIComponent(name)}/languages/${encodeURIComponent(language)}`;
  };

  return {
    async create({ name, language, body, samples }) {
      const examples = Object.keys(samples).sort((a, b) => Number(a) - Number(b));
      const component = {
        type: 'BODY',
        text: body,
        ...(examples.length > 0 && { example: { body_text: [examples.map((place) => samples[place])] } }),
      };
      const draft = { name, language, category: 'UTILITY', state: 'DRAFT', details: { components: [component] } };
      const result = await site.read({ method: 'POST', path: templates, body: JSON.stringify(draft) }, 'provisioning');
      answerOf(z.object({}), result, 'create the template');
      return contentIdOf(name, language);
    },
    async submit(contentId, { category }) {
      const body = JSON.stringify({ category, state: 'SUBMIT' });
      const result = await site.read({ method: 'PATCH', path: pathOf(contentId), body }, 'provisioning');
      return toApproval(answerOf(template, result, 'submit the template'));
    },
    async approval(contentId) {
      const result = await site.read({ method: 'GET', path: pathOf(contentId) }, 'provisioning');
      try {
        return toApproval(answerOf(template, result, 'ask for the approval'));
      } catch (error) {
        if (isKnown(error) && error.code === 'not_found') return null;
        throw error;
      }
    },
  };
}

/** A state that is new to us waits: what is not known to be approved is not used. */
function toApproval({ state, rejected_reason }: z.infer<typeof template>): TemplateApproval {
  if (state === 'REJECTED') return { state: 'rejected', reason: rejected_reason || 'WhatsApp gave no reason' };
  return { state: (Object.hasOwn(STATES, state) ? STATES[state] : undefined) ?? 'pending' };
}
