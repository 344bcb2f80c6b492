import { buildPlaybook } from './build.ts';
import { languageFindings } from './check-language.ts';
import { type Finding, playbookFindings } from './check-playbook.ts';
import { splitBody } from './placeholders.ts';
import type { LanguageFile, PlaybookFile } from './schema.ts';
import type { CadenceStep, Playbook, PlaybookSource, Playbooks } from './types.ts';

/** What a tenant's settings lay over the playbooks; keys of the first level are playbooks. */
export interface Overlay {
  /** The languages it writes in; null takes all of a playbook. `en` always stays: it is the last fallback. */
  languages: readonly string[] | null;
  /** The channel that is tried first; the others follow. */
  firstChannels: Readonly<Record<string, ChannelName>>;
  /** Steps in place of the default ones. */
  cadences: Readonly<Record<string, { readonly steps: readonly CadenceStep[] }>>;
  /** Texts by template and language. A template that the playbook does not have is the tenant's own. */
  templates: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

type ChannelName = PlaybookFile['cadence']['channels'][number];

/** A text of the tenant's own is told to WhatsApp as what it nearly always is: something that brings somebody back. */
const OWN_CATEGORY = 'MARKETING';

const known = new WeakMap<Overlay, Map<PlaybookSource, Playbook>>();

/**
 * The playbook as a tenant has it: the defaults of `conversations/` with its own languages, steps and texts over them.
 * The one place where both meet. The same settings give the same value; a playbook that has them already stays as it is.
 */
export function tenantPlaybook(playbook: Playbook, settings: Overlay): Playbook {
  if (isBare(playbook.key, settings)) return playbook;
  const made = known.get(settings) ?? new Map<PlaybookSource, Playbook>();
  known.set(settings, made);
  const found = made.get(playbook.source);
  if (found) return found;
  const { file, words } = overlaid(playbook, settings);
  const own = buildPlaybook(file, words, playbook.source.canned, playbook.source.forms, playbook.source);
  made.set(playbook.source, own);
  return own;
}

/** All playbooks as a tenant has them. */
export function tenantPlaybooks(playbooks: Playbooks, settings: Overlay): Playbooks {
  if (playbooks.all.every(({ key }) => isBare(key, settings))) return playbooks;
  return {
    all: playbooks.all.map((playbook) => tenantPlaybook(playbook, settings)),
    standard: tenantPlaybook(playbooks.standard, settings),
    get: (key) => tenantPlaybook(playbooks.get(key), settings),
  };
}

/** What is wrong with a tenant's own steps and texts: the rules that files are read by. Paths are those of the files. */
export function overlayFindings(playbook: Playbook, settings: Overlay): (Finding & { language: string | null })[] {
  if (isBare(playbook.key, settings)) return [];
  const { file, words } = overlaid(playbook, settings);
  return [
    ...playbookFindings(file).map((finding) => ({ ...finding, language: null })),
    ...[...words].flatMap(([language, text]) =>
      languageFindings(file, text).map((finding) => ({ ...finding, language })),
    ),
  ];
}

const isBare = (key: string, { languages, firstChannels, cadences, templates }: Overlay): boolean =>
  languages === null && firstChannels[key] === undefined && cadences[key] === undefined && templates[key] === undefined;

function overlaid(
  { key, source }: Playbook,
  settings: Overlay,
): { file: PlaybookFile; words: ReadonlyMap<string, LanguageFile> } {
  const { file } = source;
  const wanted = settings.languages;
  const languages = file.languages.filter((each) => wanted === null || each === 'en' || wanted.includes(each));
  const own = settings.templates[key] ?? {};
  const words = new Map(
    languages.flatMap((language): [string, LanguageFile][] => {
      const text = source.words.get(language);
      return text ? [[language, withTexts(text, own, language)]] : [];
    }),
  );
  const templates = { ...file.templates };
  for (const template of Object.keys(own)) {
    const { category = OWN_CATEGORY } = file.templates[template] ?? {};
    templates[template] = { category, variables: variablesOf(template, own[template] ?? {}, languages, file) };
  }
  const steps = settings.cadences[key]?.steps ?? file.cadence.steps;
  const channels = firstTried(settings.firstChannels[key], file.cadence.channels);
  return { file: { ...file, languages, templates, cadence: { ...file.cadence, channels, steps: [...steps] } }, words };
}

const firstTried = (first: ChannelName | undefined, channels: ChannelName[]): ChannelName[] =>
  first === undefined ? channels : [first, ...channels.filter((channel) => channel !== first)];

function withTexts(text: LanguageFile, own: Overlay['templates'][string], language: string): LanguageFile {
  const templates = { ...text.templates };
  for (const [template, bodies] of Object.entries(own)) {
    const body = bodies[language];
    if (body !== undefined) templates[template] = body;
  }
  return { ...text, templates };
}

/** Declared by the file, until every language has words of its own: then these say what the text speaks of. */
function variablesOf(
  template: string,
  bodies: Readonly<Record<string, string>>,
  languages: readonly string[],
  file: PlaybookFile,
): string[] {
  const declared = file.templates[template]?.variables;
  const first = languages.find((language) => bodies[language] !== undefined) ?? '';
  if (declared && languages.some((language) => bodies[language] === undefined)) return declared;
  return [...new Set(splitBody(bodies[first] ?? '').variables)];
}
