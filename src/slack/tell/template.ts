import { z } from 'zod';
import { inline, type Post } from '../card/index.ts';
import { section } from '../views.ts';
import { languageName } from './frame.ts';

/** WhatsApp has taken an approved template away. */
export const templateOccasion = z.object({
  what: z.literal('template'),
  template: z.string(),
  language: z.string(),
  state: z.enum(['paused', 'rejected', 'disabled', 'creating', 'unsubmitted', 'pending']),
});

const HAPPENED: Record<z.infer<typeof templateOccasion>['state'], string> = {
  paused: 'WhatsApp has *paused* the template',
  rejected: 'WhatsApp has *rejected* the template',
  disabled: 'WhatsApp has *disabled* the template',
  creating: 'Somebody has *deleted* at the gateway the template',
  unsubmitted: 'WhatsApp no longer has the template',
  pending: 'WhatsApp *looks again* at the template',
};

/** What managers hear of it; pure. */
export function templateNote({ template, language, state }: z.infer<typeof templateOccasion>): Post {
  const name = `\`${inline(template)}\` (${inline(languageName(language) || language)})`;
  const head = `${HAPPENED[state]} ${name}.`;
  const effect =
    'Follow-ups planned with it go by SMS where the customer can be reached so, else they wait; each card says which. `/rescue templates` shows all of them.';
  return { text: head.replaceAll('*', ''), blocks: [section(`${head}\n${effect}`)] };
}
