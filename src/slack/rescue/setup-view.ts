import { vendorName } from '../../messaging/index.ts';
import { countryName, languageName, type Settings, type Tenant } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import { plural, zoneCity } from '../format.ts';
import { modal } from '../lead/modals.ts';
import { EDIT } from '../settings/overview.ts';
import { button, buttons, context, type ModalView, section } from '../views.ts';
import { CONNECT } from './connect.ts';
import { CHANGE_ROLE } from './people.ts';

export const SETUP = 'setup';
export const OPEN_SETUP = 'setup_open';
export const SETUP_TEXTS = 'setup_texts';
export const GO_LIVE = 'setup_go_live';

const CONNECTS = ['twilio', 'sinch', 'mail'].map((vendor) => ({
  text: vendor === 'mail' ? 'E-mail' : vendorName(vendor),
  actionId: CONNECT(vendor),
}));

/** How far a business is with its set-up: what is so now, read anew each time. */
export interface SetupState {
  business: { name: string; country: string; zone: string; language: string; firstInTeam: boolean };
  people: { admins: number; managers: number; salespeople: number };
  /** Senders in words. */
  senders: readonly string[];
  /** WhatsApp texts, `open` those to be submitted; null without a WhatsApp sender. */
  templates: { approved: number; all: number; open: number } | null;
  terms: boolean;
  feed: boolean;
  /** It shows a logo, a colour or a name of its own. */
  branded: boolean;
  /** Follow-ups that have problems; `playing` while they are being rehearsed, null where nobody does. */
  troubled: readonly { name: string; problems: number }[] | 'playing' | null;
  waitsFor: Tenant['waitsFor'];
  /** Messages that wait for the business to go live. */
  waiting: number;
}

/** Pure. */
export const isBranded = ({ branding: { logo, accent, name } }: Pick<Settings, 'branding'>): boolean =>
  [logo, accent, name].some((each) => each !== null);

interface Step {
  /** `needed` keeps a business from going live, `open` does not. */
  state: 'done' | 'open' | 'needed';
  title: string;
  says: string;
  /** What takes the step, one button beside it or several under it. */
  edit?: readonly { text: string; actionId: string; value?: string }[];
}

const MARKS: Record<Step['state'], string> = { done: '✓', open: '○', needed: '!' };

/** The steps in the order in which they are best taken. Pure. */
export function setupSteps(state: SetupState): Step[] {
  const { business, people, senders, templates, troubled } = state;
  const staff = people.managers + people.salespeople;
  return [
    {
      state: 'done',
      title: 'Business',
      says: `${inline(business.name)}, ${inline(countryName(business.country))}, times of ${zoneCity(business.zone)}, ${languageName(business.language)}`,
      edit: [{ text: 'Change', actionId: EDIT, value: 'business' }],
    },
    {
      state: staff > 0 ? 'done' : 'open',
      title: 'People',
      says: `${plural(people.admins, 'admin')}, ${plural(people.managers, 'manager')}, ${plural(people.salespeople, 'salesperson', 'salespeople')}. ${business.firstInTeam ? 'Whoever is in this workspace is a salesperson from their first command on.' : 'Nobody else has a place here before you give one.'}`,
      edit: [{ text: 'Give a role', actionId: CHANGE_ROLE }],
    },
    {
      state: senders.length > 0 ? 'done' : 'needed',
      title: 'Channels',
      says:
        senders.length > 0
          ? `${senders.join('\n')}\n\`/rescue channels\` shows and changes them.`
          : 'No sender is connected, so nothing can be sent. Connect one with your own access; it is tried at once, and sealed.',
      ...(senders.length === 0 && { edit: CONNECTS }),
    },
    ...(templates ? [templateStep(templates)] : []),
    {
      state: state.terms ? 'done' : 'open',
      title: 'Terms',
      says: state.terms
        ? 'The first message links to your page.'
        : 'The first message links to a page of ours, which says what was agreed to. You may name your own.',
      edit: [{ text: 'Own page', actionId: EDIT, value: 'customers' }],
    },
    {
      state: state.branded ? 'done' : 'open',
      title: 'How customers see you',
      says: state.branded
        ? 'Pages, e-mails and cards look like you: `/rescue branding`.'
        : 'Pages and e-mails carry your name only. You may add a logo, a colour and a signature.',
      edit: [{ text: 'Branding', actionId: EDIT, value: 'branding' }],
    },
    {
      state: state.feed ? 'done' : 'open',
      title: 'Activity feed',
      says: state.feed ? 'It has a channel.' : 'What happens is told to an admin. A channel lets the team see it.',
      edit: [{ text: 'Channels', actionId: EDIT, value: 'places' }],
    },
    ...(troubled ? [rehearsalStep(troubled)] : []),
  ];
}

function rehearsalStep(troubled: NonNullable<SetupState['troubled']>): Step {
  if (troubled === 'playing') return { state: 'open', title: 'Rehearsal', says: 'Every follow-up is being played …' };
  const says =
    troubled.length === 0
      ? 'Every follow-up was played just now, without a problem. `/rescue rehearse` shows one.'
      : `${troubled.map(({ name, problems }) => `${inline(name)}: ${plural(problems, 'problem')}`).join(', ')}. \`/rescue rehearse\` shows them.`;
  return { state: troubled.length === 0 ? 'done' : 'open', title: 'Rehearsal', says };
}

function templateStep({ approved, all, open }: NonNullable<SetupState['templates']>): Step {
  const done = approved === all;
  const rest = done ? '' : ' Until then they go by SMS where there is one: `/rescue templates`.';
  return {
    state: done ? 'done' : 'open',
    title: 'WhatsApp texts',
    says: `${approved} of ${all} are approved by WhatsApp.${rest}`,
    ...(open > 0 && { edit: [{ text: `Submit ${open}`, actionId: SETUP_TEXTS }] }),
  };
}

/** The checklist, and under it the one button that lets messages leave. Pure. */
export function setupModal(state: SetupState): ModalView {
  const steps = setupSteps(state);
  return modal({
    id: SETUP,
    title: 'Set-up',
    blocks: [
      ...steps.flatMap(({ state: mark, title, says, edit = [] }) => {
        const [only, ...others] = edit.map(button);
        const words = `${MARKS[mark]} *${title}*\n${says}`;
        return others.length > 0 ? [section(words), ...buttons(...edit)] : [section(words, only)];
      }),
      ...ending(state, steps),
    ],
  });
}

function ending({ waitsFor, waiting }: SetupState, steps: readonly Step[]): object[] {
  if (waitsFor === null) return [section('✓ *Live*\nFollow-ups leave by themselves.')];
  if (waitsFor === 'restored')
    return [section('! *Restored from a backup*\nNothing is sent by itself until it is released: `/rescue status`.')];
  if (waitsFor === 'slack') return [section('! *Not in Slack*\nInstall LeadRescue in this workspace again.')];
  const missing = steps.filter(({ state }) => state === 'needed').map(({ title }) => title.toLowerCase());
  if (missing.length > 0) {
    return [section(`! *Not live*\nNothing is sent by itself. Still needed: ${missing.join(', ')}.`)];
  }
  const held =
    waiting > 0
      ? `${plural(waiting, 'message waits', 'messages wait')}: each is looked at once more and leaves in its send hours.`
      : 'Nothing waits.';
  return [
    section(`○ *Go live*\nUntil then nothing is sent by itself; what people write leaves. ${held}`),
    {
      type: 'actions',
      elements: [
        {
          ...button({ text: 'Go live', actionId: GO_LIVE, style: 'primary' }),
          confirm: {
            title: { type: 'plain_text', text: 'Go live?' },
            text: { type: 'plain_text', text: 'Follow-ups leave by themselves from now on.' },
            confirm: { type: 'plain_text', text: 'Go live' },
            deny: { type: 'plain_text', text: 'Not yet' },
          },
        },
      ],
    },
    context('A customer’s stop counts at any time, also before.'),
  ];
}
