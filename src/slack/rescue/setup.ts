import type { TemplateState } from '../../messaging/index.ts';
import type { Asked, Feature } from '../feature.ts';
import { plural } from '../format.ts';
import { change, show } from '../lead/modals.ts';
import type { ModalView } from '../views.ts';
import { accountLine, accountsOf } from './channels.ts';
import type { RescueDeps } from './deps.ts';
import { troubledPlaybooks } from './rehearse.ts';
import { GO_LIVE, isBranded, OPEN_SETUP, SETUP_TEXTS, type SetupState, setupModal } from './setup-view.ts';
import { isOpen, submitAll } from './templates.ts';

/** `/rescue setup`: what is needed before messages leave by themselves, how far it is, and going live. */
export function setupFeature(deps: RescueDeps): Feature {
  /** Slack waits three seconds for a window, and playing every follow-up may take longer. */
  async function open(asked: Asked): Promise<void> {
    const viewId = await show(asked, null, setupModal(await readSetup(deps, asked, 'playing')));
    asked.afterwards(() => refresh(deps, asked, viewId));
  }

  return {
    commands: [
      {
        name: '/rescue setup',
        summary: 'Goes through what a business needs, step by step, and goes live.',
        permission: 'tenant.set_up',
        async run(asked) {
          await open(asked);
          return undefined;
        },
      },
    ],
    actions: {
      [OPEN_SETUP]: { permission: 'tenant.set_up', run: open },
      [SETUP_TEXTS]: {
        permission: 'templates.submit',
        async run(asked, _value, place) {
          await submitAll(deps, asked);
          if (place.viewId) await refresh(deps, asked, place.viewId);
        },
      },
      [GO_LIVE]: {
        permission: 'tenant.go_live',
        async run(asked, _value, place) {
          const { released } = await deps.live.go(asked.tenant, asked.staff);
          if (place.viewId) await refresh(deps, asked, place.viewId);
          const held =
            released > 0 ? ` ${plural(released, 'message that waited goes', 'messages that waited go')} on.` : '';
          await asked.whisper({ text: `You are live: follow-ups leave by themselves from now on.${held}` });
        },
      },
    },
  };
}

/** The checklist, from what is so now. */
export async function checklist(deps: RescueDeps, asked: Asked): Promise<ModalView> {
  // first what takes long, so that the rest is as it is when it is shown
  const troubled = await troubledPlaybooks(deps, asked);
  const tenant = await deps.tenants.byId(asked.tenant.id);
  return setupModal(await readSetup(deps, { ...asked, tenant }, troubled));
}

/** Writes the checklist anew in the window where it is open. */
export async function refresh(deps: RescueDeps, asked: Asked, viewId: string): Promise<void> {
  await change(asked, viewId, await checklist(deps, asked));
}

async function readSetup(deps: RescueDeps, asked: Asked, troubled: SetupState['troubled']): Promise<SetupState> {
  const { tenant } = asked;
  const [settings, routing, staff, waiting] = await Promise.all([
    deps.tenants.settings(tenant.id),
    deps.routing.of(tenant.id),
    deps.staff.list(tenant.id),
    deps.live.waiting(tenant.id),
  ]);
  const count = (role: string) => staff.filter((person) => person.role === role).length;
  return {
    business: tenant,
    people: { admins: count('admin'), managers: count('manager'), salespeople: count('salesperson') },
    senders: accountsOf(routing).map(accountLine),
    templates: routing.accounts.whatsapp ? await templateCount(deps, asked) : null,
    terms: settings.termsUrl !== null,
    feed: settings.feedChannel !== null,
    branded: isBranded(settings),
    troubled,
    waitsFor: tenant.waitsFor,
    waiting,
  };
}

async function templateCount(deps: RescueDeps, { tenant }: Asked): Promise<NonNullable<SetupState['templates']>> {
  const states: TemplateState[] = [];
  for (const { key } of deps.playbooks.all) states.push(...(await deps.templates.list(tenant.id, key)));
  const approved = states.filter(({ state }) => state === 'approved').length;
  return { approved, all: states.length, open: states.filter(isOpen).length };
}
