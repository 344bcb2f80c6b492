import { z } from 'zod';
import { topicOf } from '../../agent/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import type { Settings } from '../../tenants/index.ts';
import type { Answer, Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { plural } from '../format.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import { clip, escapeMarkup } from '../text.ts';
import { button, buttons, input, type ModalView, option, plain, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';

type Fact = Settings['facts'][number];

const EDIT = 'fact_edit';
const ADD = 'fact_add';
const OWN = 'own';
/** A message holds 50 blocks. */
const SHOWN = 40;
const MOST_FACTS = 200;

const NAMES: Record<string, string> = { en: 'English', sv: 'Swedish', de: 'German', es: 'Spanish', hi: 'Hindi' };
const nameOf = (language: string) => NAMES[language] ?? language;

/** `/rescue facts`: what the assistant may say about the business, and the only prices, offers and promises it knows. */
export function factsFeature(deps: RescueDeps): Feature {
  return {
    commands: [
      {
        name: '/rescue facts',
        summary: 'What the assistant may say about you: prices, offers, hours. Nothing else is said.',
        usage: '[word to look for]',
        permission: 'settings.change',
        run: (asked, text) => list(deps, asked, text),
      },
    ],
    actions: {
      [ADD]: { permission: 'settings.change', run: (asked) => open(deps, asked, undefined) },
      [EDIT]: {
        permission: 'settings.change',
        async run(asked, topic) {
          const { facts } = await deps.tenants.settings(asked.tenant.id);
          const fact = facts.find((each) => each.topic === topic);
          if (!fact) throw new KnownError('not_found', 'no such fact', 'That fact does not exist (any more).');
          await open(deps, asked, fact);
        },
      },
    },
    modals: {
      [EDIT]: {
        permission: 'settings.change',
        submit: (asked, values, topic) => save(deps, asked, values, topic),
      },
    },
  };
}

async function list(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  const { facts } = await deps.tenants.settings(asked.tenant.id);
  const word = text.toLowerCase();
  const found = facts.filter((fact) => JSON.stringify(Object.values(fact)).toLowerCase().includes(word));
  const shown = found.slice(0, SHOWN);
  const head =
    facts.length === 0
      ? '*No facts yet.* The assistant names no price, offer, hour or promise that is not here; it hands over instead.'
      : `*${plural(facts.length, 'fact')}*, said word for word in the customer's language${
          found.length > shown.length ? `; the first ${SHOWN} that fit` : ''
        }:`;
  return {
    text: [head, ...shown.map((fact) => `• ${line(fact)}`)].join('\n'),
    blocks: [
      section(head),
      ...shown.map((fact) => section(line(fact), button({ text: 'Edit', actionId: EDIT, value: fact.topic }))),
      ...buttons({ text: 'Add a fact', actionId: ADD, style: 'primary' }),
    ],
  };
}

function line({ topic, words }: Fact): string {
  const said = Object.entries(words).map(([language, text]) => `${language}: ${escapeMarkup(clip(text, 180))}`);
  return `*${escapeMarkup(topicName(topic))}*\n${said.join('\n')}`;
}

const topicName = (topic: string) => topic.replaceAll('_', ' ');

const topicsOf = (deps: RescueDeps) => [...new Set(deps.agents.all.flatMap((agent) => agent.topics))];
const languagesOf = (deps: RescueDeps) => [...new Set(deps.playbooks.all.flatMap((playbook) => playbook.languages))];

async function open(deps: RescueDeps, asked: Asked, fact: Fact | undefined): Promise<void> {
  await asked.slack.call('views.open', { trigger_id: asked.triggerId, view: form(deps, asked, fact) }, z.object({}));
}

function form(deps: RescueDeps, asked: Asked, fact: Fact | undefined): ModalView {
  const topics = topicsOf(deps);
  const { key, about } = topicOf(fact ?? { topic: '' });
  const own = fact !== undefined && !topics.includes(key);
  const options = [...topics.map((topic) => option(topicName(topic), topic)), option('Something else', OWN)];
  const chosen = options.find((each) => each.value === (own ? OWN : key));
  const languages = [...languagesOf(deps)].sort((a, b) => rank(a, asked) - rank(b, asked));
  return {
    type: 'modal',
    callback_id: EDIT,
    title: plain(fact ? 'Edit a fact' : 'Add a fact', 24),
    submit: plain('Save', 24),
    close: plain('Cancel', 24),
    private_metadata: fact?.topic ?? '',
    blocks: [
      input('topic', 'It answers questions about', {
        type: 'static_select',
        options,
        ...(chosen && { initial_option: chosen }),
      }),
      input(
        'about',
        'Only for',
        {
          type: 'plain_text_input',
          max_length: 40,
          ...((own ? fact.topic : about) && { initial_value: own ? fact.topic : about }),
        },
        {
          optional: true,
          hint: 'A car or a product, as customers call it, for example BMW X5; or the subject of "something else".',
        },
      ),
      ...languages.map((language) =>
        input(
          `words_${language}`,
          nameOf(language),
          {
            type: 'plain_text_input',
            multiline: true,
            max_length: 600,
            ...(fact?.words[language] && { initial_value: fact.words[language] }),
          },
          {
            optional: true,
            ...(language === asked.tenant.language && { hint: 'Whole sentences: they are said as they stand.' }),
          },
        ),
      ),
      ...(fact
        ? [
            input(
              'remove',
              'Remove',
              { type: 'checkboxes', options: [option('Remove this fact', 'yes')] },
              { optional: true },
            ),
          ]
        : []),
    ],
  };
}

/** The business's own language first. */
const rank = (language: string, asked: Asked) => (language === asked.tenant.language ? 0 : 1);

async function save(deps: RescueDeps, asked: Asked, values: FormValues, before: string): Promise<Submitted> {
  const removed = values.checked('remove').length > 0;
  const outcome = await changeNow(deps, asked, ({ facts }) => {
    const others = facts.filter((fact) => fact.topic !== before);
    const next = removed ? others : [...others, read(deps, values, others)];
    if (next.length > MOST_FACTS) {
      throw validationError([{ field: 'topic', message: `There is room for ${MOST_FACTS} facts. Remove one first.` }]);
    }
    return { facts: next };
  });
  const done = removed
    ? 'Removed: the assistant does not say this any more.'
    : 'Saved: the assistant may say this from now on.';
  const text = waitingNote(outcome).trim() || done;
  asked.afterwards(() => asked.whisper({ text }));
  return { kind: 'close' };
}

function read(deps: RescueDeps, values: FormValues, others: readonly Fact[]): Fact {
  const chosen = values.choice('topic');
  const about = values.text('about').trim().replaceAll(':', ' ');
  if (chosen === '') throw validationError([{ field: 'topic', message: 'Choose what it is about.' }]);
  if (chosen === OWN && about === '') {
    throw validationError([{ field: 'about', message: 'Write what it is about, in a word or two.' }]);
  }
  const topic = chosen === OWN ? about : about === '' ? chosen : `${chosen}: ${about}`;
  if (others.some((fact) => fact.topic === topic)) {
    throw validationError([{ field: 'about', message: 'There is a fact about this already. Edit that one.' }]);
  }
  const words = Object.fromEntries(
    languagesOf(deps).flatMap((language) => {
      const text = values.text(`words_${language}`).trim();
      return text === '' ? [] : [[language, text]];
    }),
  );
  if (Object.keys(words).length === 0) {
    const [first = 'en'] = languagesOf(deps);
    throw validationError([{ field: `words_${first}`, message: 'Write it in at least one language.' }]);
  }
  return { topic, words };
}
