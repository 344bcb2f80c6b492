import { KnownError, validationError } from '../../lib/errors.ts';
import type { LeadSource, SourceKind } from '../../tenants/index.ts';
import type { Asked, Feature, FormValues, Modal, Submitted } from '../feature.ts';
import type { Times } from '../format.ts';
import { modal, show } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { button, buttons, context, input, type ModalView, noticeView, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';
import { playbookChoice } from './playbook-choice.ts';
import { SOURCE_MAP, sourceMapping } from './source-mapping.ts';

/* Ads and other systems whose leads come here: connecting them. What is entered is tried, sealed, and never shown again. */

const CONNECT = 'source_connect';

export const KIND_NAMES: Record<SourceKind, string> = {
  google: 'Google lead forms',
  meta: 'Meta lead ads',
  gohighlevel: 'GoHighLevel',
};

interface Form {
  about: string;
  fields: readonly { name: string; label: string; hint?: string }[];
  /** What is told once it is connected. */
  done(source: LeadSource, key: string | undefined, publicUrl: string): string[];
}

const FORMS: Record<SourceKind, Form> = {
  google: {
    about: 'A key is made for your lead forms. You enter it in Google Ads with our address.',
    fields: [{ name: 'name', label: 'Name', hint: 'Such as the campaign or the account.' }],
    done: (_, key, publicUrl) => [
      'In Google Ads, open the lead form, choose *Webhook integration*, and enter:',
      `\`\`\`Webhook URL: ${publicUrl}/webhooks/google-leads\nKey: ${key}\`\`\``,
      'Copy the key now: only a hash of it is kept. Then press *Send test data*: `/rescue forms` shows that it came.',
    ],
  },
  meta: {
    about:
      'With a page access token that may read leads (`leads_retrieval`, `pages_manage_metadata`) we subscribe to them.',
    fields: [{ name: 'token', label: 'Page access token', hint: 'One that does not expire: of a system user.' }],
    done: (source) => [`Leads of the page *${escapeMarkup(source.name)}* come here from now on.`],
  },
  gohighlevel: {
    about: 'A private integration token of the location proves that it is yours.',
    fields: [
      { name: 'location', label: 'Location ID' },
      { name: 'token', label: 'Private integration token', hint: 'It must be allowed to view the location.' },
    ],
    done: (source) => [`New contacts of *${escapeMarkup(source.name)}* become leads from now on.`],
  },
};

/** The lines of a list of sources, for clients that show no blocks. */
export const sourceLines = (sources: readonly LeadSource[], times: Times): string[] =>
  sources.length > 0 ? ['*Ads and other systems*', ...sources.map((each) => `• ${lineOf(each, times)}`)] : [];

function lineOf({ kind, name, playbook, usedAt, testedAt }: LeadSource, times: Times): string {
  const used = usedAt ? `last lead ${times.full(usedAt)}` : 'no lead yet';
  const tested = testedAt ? ` · tested ${times.full(testedAt)}` : '';
  return `*${escapeMarkup(name)}* · ${KIND_NAMES[kind]} · ${escapeMarkup(playbook)} · ${used}${tested}`;
}

/** The sources with what can be done about each, and how another one is connected. */
export function sourceBlocks(sources: readonly LeadSource[], times: Times): object[] {
  const kinds = Object.entries(KIND_NAMES);
  return [
    section(sources.length > 0 ? '*Ads and other systems*' : '*Ads and other systems*: none yet.'),
    ...sources
      .slice(0, 15)
      .map((each) => section(lineOf(each, times), button({ text: 'Open', actionId: SOURCE_MAP, value: each.id }))),
    ...buttons(
      ...kinds.map(([kind, name]) => ({ text: `Connect ${name}`, actionId: `${CONNECT}_${kind}`, value: kind })),
    ),
  ];
}

/** The windows that connect a source, and the one that says what its fields mean. */
export function sourcesFeature(deps: RescueDeps): Required<Pick<Feature, 'actions' | 'modals'>> {
  const kinds = Object.keys(KIND_NAMES) as SourceKind[];
  const mapping = sourceMapping(deps);
  return {
    actions: {
      ...Object.fromEntries(
        kinds.map((kind) => [
          `${CONNECT}_${kind}`,
          {
            permission: 'settings.change' as const,
            run: async (asked: Asked) => void (await show(asked, null, viewOf(deps, kind))),
          },
        ]),
      ),
      ...mapping.actions,
    },
    modals: {
      ...Object.fromEntries(
        kinds.map((kind): [string, Modal] => [
          `${CONNECT}_${kind}`,
          { permission: 'settings.change', submit: (asked, values) => connect(deps, kind, asked, values) },
        ]),
      ),
      ...mapping.modals,
    },
  };
}

function viewOf({ playbooks, sourcePorts }: RescueDeps, kind: SourceKind): ModalView {
  const { about, fields } = FORMS[kind];
  if (!sourcePorts.has(kind)) {
    const words = `Whoever runs this server has to set it up first: \`.env.example\` says how, under “${KIND_NAMES[kind]}”.`;
    return noticeView(KIND_NAMES[kind], words);
  }
  return modal({
    id: `${CONNECT}_${kind}`,
    title: KIND_NAMES[kind],
    submit: 'Connect',
    close: 'Cancel',
    blocks: [
      context(about),
      ...fields.map(({ name, label, hint }) =>
        input(name, label, { type: 'plain_text_input', max_length: 1000 }, { ...(hint && { hint }) }),
      ),
      input('playbook', 'Its leads become', playbookChoice(playbooks)),
    ],
  });
}

async function connect(deps: RescueDeps, kind: SourceKind, asked: Asked, values: FormValues): Promise<Submitted> {
  const { fields, done } = FORMS[kind];
  const given = Object.fromEntries(fields.map(({ name }) => [name, values.text(name).trim()]));
  const missing = fields.filter(({ name }) => given[name] === '');
  if (missing.length > 0) {
    throw validationError(missing.map(({ name, label }) => ({ field: name, message: `${label} is missing.` })));
  }
  const port = deps.sourcePorts.get(kind);
  const { name: own = '', ...secrets } = given;
  const proven = await port?.prove?.(secrets).catch((error: unknown) => {
    if (!(error instanceof KnownError) || error.code !== 'misconfigured') throw error;
    throw validationError([{ field: fields.at(-1)?.name ?? '', message: error.userMessage }]);
  });
  const { source, key } = await deps.leadSources.connect(asked.staff, {
    kind,
    name: (proven?.name ?? own).slice(0, 80),
    account: proven?.account ?? '',
    playbook: deps.playbooks.get(values.choice('playbook')).key,
    secrets,
  });
  const words = [
    ...done(source, key, deps.publicUrl),
    'What its fields mean, where the names do not say it: *Open* in `/rescue forms`.',
  ];
  return { kind: 'update', view: noticeView('Connected', words.join('\n')) };
}
