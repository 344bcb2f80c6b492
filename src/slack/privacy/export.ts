import type { PersonId } from '../../lib/ids.ts';
import { LINK_MINUTES } from '../../privacy/index.ts';
import { bold, inline } from '../card/index.ts';
import type { Asked } from '../feature.ts';
import { firstName } from '../format.ts';
import { buttons, context, section } from '../views.ts';
import type { PrivacyDeps } from './deps.ts';
import type { Page } from './page.ts';

/** A link to everything held of a person. Nothing of it is put into Slack, where it would have to be deleted again. */
export async function exportPage(deps: PrivacyDeps, { staff }: Asked, personId: PersonId): Promise<Page> {
  const { token, customer } = await deps.privacy.exportLink(staff, personId);
  const words = `Everything held of ${bold(customer)}: the link shows it once, within ${LINK_MINUTES} minutes, to read, to print and to save as JSON.`;
  const show = buttons({
    text: 'Show everything',
    actionId: 'private_link',
    url: `${deps.publicUrl}/l/${token}`,
    style: 'primary',
  });
  const note = 'It asks once more before it shows it. That you have seen it is in the log. It stays out of Slack.';
  return {
    title: 'Export a person',
    text: `Everything held of ${inline(firstName(customer))} is ready.`,
    blocks: [section(words), ...show, context(note)],
  };
}
