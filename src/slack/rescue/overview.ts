import { addressOf, may } from '../../tenants/index.ts';
import type { Answer, Asked } from '../feature.ts';
import { plural } from '../format.ts';
import { escapeMarkup } from '../text.ts';
import { section } from '../views.ts';
import { mayName, NAME_ADMIN, nobodyIsAdmin } from './admins.ts';
import { accountsOf } from './channels.ts';
import type { RescueDeps } from './deps.ts';
import { activeFollowUps } from './facts.ts';
import { isOpen } from './templates.ts';

/** What plain `/rescue` answers: where we are, and what an admin should do next. */
export async function overview(deps: RescueDeps, asked: Asked): Promise<Answer> {
  const { tenant, staff } = asked;
  if (staff.role === null) {
    const text = 'You have no role in LeadRescue here. Ask one of your admins; guests of a workspace cannot have one.';
    return { text };
  }
  const running = await deps.db.inTenant(tenant.id, activeFollowUps);
  const head = asked.founded
    ? greeting(tenant.name)
    : `*LeadRescue at ${escapeMarkup(tenant.name)}*: ${plural(running, 'follow-up is', 'follow-ups are')} running. You are ${staff.role}.`;
  const steps = may(staff.role, 'settings.change') ? await nextSteps(deps, asked) : [];
  const todo = steps.length > 0 ? [`*Next:*\n${steps.map((step) => `• ${step}`).join('\n')}`] : [];
  const parts = [
    head,
    ...todo,
    '`/drive` logs a test drive, `/leads` lists the leads, `/rescue help` shows everything.',
  ];
  const mayBe = staff.role !== 'admin' && mayName(deps, asked);
  const orphaned = mayBe && nobodyIsAdmin(await deps.staff.list(tenant.id)) ? NAME_ADMIN : [];
  return { text: parts.join('\n'), blocks: [...parts.map((part) => section(part)), ...orphaned] };
}

/** To whoever came first. */
export const greeting = (business: string): string =>
  `*Welcome to LeadRescue at ${escapeMarkup(business)}.* You are the first here, so you are its admin. Your colleagues can start right away: everybody in this workspace is a salesperson until you say otherwise.`;

/** What is not set up yet, each with the command that does it. */
async function nextSteps(deps: RescueDeps, asked: Asked): Promise<string[]> {
  const { tenant } = asked;
  const settings = await deps.tenants.settings(tenant.id);
  const accounts = accountsOf(await deps.routing.of(tenant.id));
  const steps: string[] = [];
  if (tenant.waitsFor === 'restored')
    steps.push(
      'This was restored from a backup: nothing is sent by itself until an admin releases it, `/rescue status`.',
    );
  else if (tenant.waitsFor)
    steps.push('You are not live: nothing is sent by itself. `/rescue setup` goes through what is left.');
  if (accounts.length === 0) steps.push('No sender is connected, so nothing can be sent: `/rescue channels`.');
  if (accounts.some((account) => account.channel === 'whatsapp') && (await unsubmitted(deps, asked))) {
    steps.push('`/rescue templates` submits the WhatsApp texts for approval; until then they go by SMS.');
  }
  if (accounts.some((account) => account.channel === 'email') && addressOf(settings, tenant.language) === null) {
    steps.push('`/rescue facts` says your postal address: without it no advertising leaves by e-mail.');
  }
  if (!settings.termsUrl)
    steps.push('`/rescue terms https://…` sets the page with your terms; the first message links to it.');
  if (!settings.feedChannel) steps.push('`/rescue feed`, typed in a channel, shows there what happens.');
  if (asked.founded) steps.push('`/rescue people` makes managers, who see every lead.');
  return steps;
}

async function unsubmitted(deps: RescueDeps, asked: Asked): Promise<boolean> {
  for (const playbook of deps.playbooks.all) {
    if ((await deps.templates.list(asked.tenant.id, playbook.key)).some(isOpen)) return true;
  }
  return false;
}
