import type { Form } from '../../tenants/index.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';

type Deps = Pick<RescueDeps, 'playbooks' | 'publicUrl'>;

/** The page of a form; undefined where its playbook is one that customers do not come to by themselves. */
export function addressOfForm({ playbooks, publicUrl }: Deps, form: Form): string | undefined {
  const playbook = playbooks.all.find(({ key }) => key === form.playbook);
  return playbook?.form('en') ? `${publicUrl}/f/${form.slug}` : undefined;
}

/** What to do with a form that was just made. */
export function madeWords(deps: Deps, form: Form, key: string): string {
  const page = addressOfForm(deps, form);
  return [
    `*${escapeMarkup(form.name)}* is ready: its enquiries become leads of ${escapeMarkup(deps.playbooks.get(form.playbook).name)}.`,
    ...(page ? [`Its own page, to link to or to show on your website: ${page}`] : []),
    `From a website of yours, send them with POST as JSON or as a form to \`${deps.publicUrl}/webhooks/form-submission\`, with this header:`,
    `\`\`\`X-Form-Key: ${key}\`\`\``,
    'Copy the key now: only a hash of it is kept, so nobody can show it again.',
  ].join('\n');
}
