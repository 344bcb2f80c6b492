import { searchWords } from '../../leads/index.ts';
import { validationError } from '../../lib/errors.ts';
import { isId, type PersonId } from '../../lib/ids.ts';
import { findPhone } from '../../people/index.ts';
import type { FoundPerson } from '../../privacy/index.ts';
import { bold, inline, subjectOf } from '../card/index.ts';
import type { Action, Answer, Asked, Command, Feature, Modal } from '../feature.ts';
import { phoneWords } from '../format.ts';
import { change, modal, show } from '../lead/modals.ts';
import { button, context, input, type ModalView, section } from '../views.ts';
import { consentPage } from './consent.ts';
import type { PrivacyDeps } from './deps.ts';
import { erasePage } from './erase.ts';
import { exportPage } from './export.ts';
import type { Page } from './page.ts';

/** What is to be done with the person that is looked for. */
type Goal = 'export' | 'erase' | 'consent';

/** People that are offered. */
const CHOICES = 6;

const GOALS: Record<Goal, Pick<Command, 'summary' | 'permission'> & { title: string }> = {
  export: {
    title: 'Export a person',
    summary: 'Everything that is held of a person, readable and as JSON.',
    permission: 'privacy.export',
  },
  erase: {
    title: 'Erase a person',
    summary: 'Forgets a person, once a colleague has agreed.',
    permission: 'privacy.erase',
  },
  consent: {
    title: 'What they agreed to',
    summary: 'What a person agreed to, when and in which words, and when they took it back.',
    permission: 'privacy.see',
  },
};

/** `/rescue privacy export`, `erase` and `consent`: the person is looked for first, in a window when nobody is named. */
export function findFeature(deps: PrivacyDeps): Pick<Feature, 'commands' | 'actions' | 'modals'> {
  const pages: Record<Goal, (asked: Asked, personId: PersonId) => Promise<Page>> = {
    export: (asked, id) => exportPage(deps, asked, id),
    erase: (asked, id) => erasePage(deps, asked, id),
    consent: (asked, id) => consentPage(deps, asked, id),
  };

  function find({ staff, tenant }: Asked, text: string): Promise<FoundPerson[]> {
    const phone = findPhone(text, tenant.country)?.e164;
    const mailboxes = text.split(/\s+/).filter((word) => word.includes('@'));
    return deps.privacy.find(staff, {
      text,
      words: searchWords(text, tenant.country),
      addresses: [...(phone ? [phone] : []), ...mailboxes.map((word) => word.toLowerCase())],
      limit: CHOICES + 1,
    });
  }

  function choices(goal: Goal, found: readonly FoundPerson[]): object[] {
    const rows = found.slice(0, CHOICES).map(({ personId, name, phone, lead }) => {
      const playbook = lead && deps.playbooks.all.find(({ key }) => key === lead.playbook);
      const subject = lead && playbook ? inline(subjectOf(lead, playbook)) : '';
      const about = [phone && phone !== name ? phoneWords(phone) : '', subject].filter(Boolean).join(' · ');
      const choose = button({ text: 'This one', actionId: 'privacy_pick', value: `${goal}:${personId}` });
      return section(`${bold(name)}${about && `\n${about}`}`, choose);
    });
    const more = found.length > CHOICES ? [context('There are more. Add a word to narrow it down.')] : [];
    return [section('Several people fit. Whom do you mean?'), ...rows, ...more];
  }

  async function command(goal: Goal, asked: Asked, text: string): Promise<Answer | undefined> {
    if (text === '') {
      await show(asked, null, searchModal(goal));
      return undefined;
    }
    const found = await find(asked, text);
    const [only, another] = found;
    if (!only) return { text: nobodyFound(text) };
    if (another) return { text: 'Several people fit.', blocks: choices(goal, found) };
    const page = await pages[goal](asked, only.personId);
    if (!page.submit) return { text: page.text, blocks: page.blocks };
    await show(asked, null, modalOf(page));
    return undefined;
  }

  const pick: Action = {
    permission: 'privacy.see',
    async run(asked, value, place) {
      const [goal = '', personId = ''] = value.split(':');
      if (!isGoal(goal) || !isId(personId)) return;
      const page = await pages[goal](asked, personId as PersonId);
      if (place.viewId !== null) await change(asked, place.viewId, modalOf(page));
      else if (page.submit) await show(asked, place, modalOf(page));
      else await asked.whisper({ text: page.text, blocks: page.blocks, replace: true });
    },
  };

  const search: Modal = {
    permission: 'privacy.see',
    async submit(asked, values, metadata) {
      const text = values.text('who').trim();
      if (!isGoal(metadata)) return { kind: 'close' };
      const found = await find(asked, text);
      const [only, another] = found;
      if (!only) throw validationError([{ field: 'who', message: nobodyFound(text) }]);
      if (!another) return { kind: 'update', view: modalOf(await pages[metadata](asked, only.personId)) };
      const title = GOALS[metadata].title;
      return { kind: 'update', view: modal({ id: 'privacy_page', title, blocks: choices(metadata, found) }) };
    },
  };

  return {
    commands: (Object.keys(GOALS) as Goal[]).map((goal) => ({
      name: `/rescue privacy ${goal}`,
      usage: '[name, number or car]',
      summary: GOALS[goal].summary,
      permission: GOALS[goal].permission,
      run: (asked, text) => command(goal, asked, text),
    })),
    actions: { privacy_pick: pick },
    modals: { privacy_find: search },
  };
}

function searchModal(goal: Goal): ModalView {
  const who = input(
    'who',
    'Who?',
    { type: 'plain_text_input', max_length: 120 },
    { hint: 'A name, a number or a car' },
  );
  const { title } = GOALS[goal];
  return modal({ id: 'privacy_find', title, blocks: [who], submit: 'Find', close: 'Not now', metadata: goal });
}

function modalOf({ title, blocks, submit }: Page): ModalView {
  if (!submit) return modal({ id: 'privacy_page', title, blocks });
  const { id, label, metadata } = submit;
  return modal({ id, title, blocks, submit: label, close: 'Not now', metadata });
}

const isGoal = (value: string): value is Goal => Object.hasOwn(GOALS, value);

const nobodyFound = (text: string) =>
  `Nobody found for “${inline(text, 80)}”. Try a part of the name, the car or the whole number.`;
