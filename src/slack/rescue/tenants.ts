import { KnownError, validationError } from '../../lib/errors.ts';
import { isId } from '../../lib/ids.ts';
import { may, type Place, type Tenant } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { ActionPlace, Answer, Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { show } from '../lead/modals.ts';
import { button, buttons, section } from '../views.ts';
import { businessForm, languagesOf, readBusiness } from './business.ts';
import type { RescueDeps } from './deps.ts';

const CHOOSE = 'tenant_choose';
const NEW = 'tenant_new';
/** Businesses of one workspace: more is a mistake, or an attack. */
const MOST = 50;

type Own = { tenant: Tenant; role: Place['role'] };

/** `/rescue tenant`: the businesses of a workspace in which one has a place, the choice among them, and a new one. */
export function tenantsFeature(deps: RescueDeps): Feature {
  const open = (asked: Asked, place: ActionPlace | null) =>
    show(
      asked,
      place,
      businessForm({ id: NEW, title: 'A further business', submit: 'Make it', languages: languagesOf(deps.playbooks) }),
    );
  return {
    commands: [
      {
        name: '/rescue tenant',
        summary: 'The businesses you have a place in, and which of them your commands act in.',
        usage: '[name]',
        permission: 'tenant.switch',
        run: (asked, text) => (text === '' ? list(deps, asked) : byName(deps, asked, text)),
      },
      {
        name: '/rescue tenant new',
        summary: 'Makes a further business in this workspace, apart from the others.',
        permission: 'tenant.create',
        async run(asked) {
          await open(asked, null);
          return undefined;
        },
      },
    ],
    actions: {
      [CHOOSE]: {
        permission: 'tenant.switch',
        async run(asked, value) {
          if (isId(value)) await asked.whisper({ ...(await choose(deps, asked, value)), replace: true });
        },
      },
      [NEW]: {
        permission: 'tenant.create',
        async run(asked, _value, place) {
          await open(asked, place);
        },
      },
    },
    modals: { [NEW]: { permission: 'tenant.create', submit: (asked, values) => make(deps, asked, values) } },
  };
}

/** Where this person has a place, the one they act in first. Never any other. */
async function own(deps: RescueDeps, { tenant, staff }: Asked): Promise<Own[]> {
  const team = tenant.slackTeamId ?? '';
  const [places, all] = await Promise.all([deps.staff.places(team, staff.slackUserId), deps.tenants.ofTeam(team)]);
  return places.flatMap(({ tenantId, role }) => {
    const found = all.find(({ id }) => id === tenantId);
    return found ? [{ tenant: found, role }] : [];
  });
}

async function list(deps: RescueDeps, asked: Asked): Promise<Answer> {
  const mine = await own(deps, asked);
  const lines = mine.map(({ tenant, role }, index) => {
    const here = index === 0 ? '. Your commands act here.' : '';
    return { tenant, text: `*${inline(tenant.name)}*: you are ${role}${here}`, current: index === 0 };
  });
  const note =
    mine.length > 1
      ? 'Cards, buttons and windows always act in the business they belong to.'
      : 'This is your only place. Admins of other businesses give places with `/rescue people`.';
  const add = may(asked.staff.role, 'tenant.create') ? buttons({ text: 'New business', actionId: NEW }) : [];
  return {
    text: [...lines.map(({ text }) => text), note].join('\n'),
    blocks: [
      ...lines.map(({ tenant, text, current }) =>
        section(text, current ? undefined : button({ text: 'Switch', actionId: CHOOSE, value: tenant.id })),
      ),
      section(note),
      ...add,
    ],
  };
}

async function byName(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  const wanted = text.toLowerCase();
  const mine = await own(deps, asked);
  const exact = mine.filter(({ tenant }) => tenant.name.toLowerCase() === wanted);
  const found = exact.length > 0 ? exact : mine.filter(({ tenant }) => tenant.name.toLowerCase().includes(wanted));
  const [only] = found;
  if (only && found.length === 1) return choose(deps, asked, only.tenant.id);
  const names = (found.length > 0 ? found : mine).map(({ tenant }) => tenant.name).join(', ');
  const message =
    found.length > 1 ? `Several fit: ${names}. Write more of the name.` : `You have no such place. You have: ${names}.`;
  throw new KnownError('not_found', 'no such place', message);
}

async function choose(deps: RescueDeps, asked: Asked, tenantId: string): Promise<Answer> {
  const place = (await own(deps, asked)).find(({ tenant }) => tenant.id === tenantId);
  if (!place) throw new KnownError('forbidden', 'no place there', 'You have no place in that business (any more).');
  const staff = await deps.staff.bySlackUser(place.tenant.id, asked.staff.slackUserId);
  if (staff) await deps.staff.choose(place.tenant.id, staff.id);
  return { text: `Your commands act at *${inline(place.tenant.name)}* now, where you are ${place.role}.` };
}

async function make(deps: RescueDeps, asked: Asked, values: FormValues): Promise<Submitted> {
  const business = readBusiness(values);
  const { slackTeamId } = asked.tenant;
  if (slackTeamId === null) throw new Error('a business without a workspace');
  const all = await deps.tenants.ofTeam(slackTeamId);
  if (all.some(({ name }) => name.toLowerCase() === business.name.toLowerCase())) {
    throw validationError([{ field: 'name', message: 'This workspace has a business with this name already.' }]);
  }
  if (all.length >= MOST) {
    throw validationError([{ field: 'name', message: `There is room for ${MOST} businesses in one workspace.` }]);
  }
  const { slackUserId, name, zone } = asked.staff;
  const made = await deps.tenants.add({ ...business, slackTeamId, waitsFor: 'go_live' }, { slackUserId, name, zone });
  const staff = await deps.staff.bySlackUser(made.id, slackUserId);
  if (staff) await deps.staff.choose(made.id, staff.id);
  const text = [
    `*${inline(made.name)}* is made, you are its admin, and your commands act there now; \`/rescue tenant\` leads back.`,
    'Nobody else has a place in it yet: `/rescue people` gives some. `/rescue setup` shows what else is needed; nothing is sent before you go live.',
  ].join('\n');
  asked.afterwards(() => asked.whisper({ text }));
  return { kind: 'close' };
}
