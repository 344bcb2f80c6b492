import { type FieldProblem, KnownError, validationError } from '../../lib/errors.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { type NewAccess, PEOPLE_TIERS } from '../../messaging/index.ts';
import type { ActionPlace, Asked, Feature, FormValues, Modal, Submitted } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { changedAnswer } from '../settings/direct.ts';
import { context, input, type ModalView, option } from '../views.ts';
import type { Refresh, RescueDeps } from './deps.ts';

/* Connecting a gateway with the business's own access. What is entered is tried, sealed, and never shown again. */

interface Field {
  name: string;
  label: string;
  hint?: string;
  optional?: boolean;
  choices?: readonly string[];
  /** What is wrong with a value that is not empty. */
  check?(value: string): string | undefined;
}

interface Form {
  title: string;
  about: string;
  fields: readonly Field[];
  /** Where a refusal is told when the gateway does not say which part is wrong. */
  refusedAt: string;
  read(value: (name: string) => string): NewAccess;
}

const isNumber = (value: string) => (/^\+\d{6,15}$/.test(value) ? undefined : 'Write it like +46700000001.');
const starts = (prefix: RegExp, words: string) => (value: string) => (prefix.test(value) ? undefined : words);

const SENDERS: readonly Field[] = [
  { name: 'sms', label: 'Number for SMS', optional: true, check: isNumber },
  { name: 'whatsapp', label: 'Number for WhatsApp', optional: true, check: isNumber },
  {
    name: 'people',
    label: 'New people WhatsApp takes in 24 hours',
    hint: 'WhatsApp Manager, "Messaging limits". What would exceed it goes another way, or waits.',
    choices: [...PEOPLE_TIERS.map(String), 'no limit'],
  },
];

/** Messages a second: what WhatsApp gives a sender, and a careful figure for SMS. */
const sendersIn = (value: (name: string) => string) => [
  ...(value('sms') ? [{ channel: 'sms', sender: value('sms'), rate: 40 } as const] : []),
  ...(value('whatsapp')
    ? [
        {
          ...({ channel: 'whatsapp', sender: value('whatsapp'), rate: 80 } as const),
          ...(Number(value('people')) > 0 && { newPeopleLimit: Number(value('people')) }),
        },
      ]
    : []),
];

const FORMS: Readonly<Record<string, Form>> = {
  twilio: {
    title: 'Connect Twilio',
    about: 'In Twilio, let both webhooks of your senders point to `/webhooks/twilio/inbound` here.',
    fields: [
      { name: 'account', label: 'Account SID', check: starts(/^AC[0-9A-Za-z]{8,}$/, 'It starts with AC.') },
      { name: 'authToken', label: 'Auth token', hint: 'The primary one: Twilio signs with it.' },
      ...SENDERS,
    ],
    refusedAt: 'authToken',
    read: (value) => ({
      vendor: 'twilio',
      gatewayAccount: value('account'),
      secrets: { authToken: value('authToken') },
      senders: sendersIn(value),
    }),
  },
  sinch: {
    title: 'Connect Sinch',
    about: 'In Sinch, let the webhook of your app point to `/webhooks/sinch` here, with the secret that you enter.',
    fields: [
      { name: 'projectId', label: 'Project ID' },
      { name: 'account', label: 'App ID' },
      { name: 'region', label: 'Region of the app', choices: ['eu', 'us', 'br'] },
      { name: 'keyId', label: 'Access key: ID' },
      { name: 'keySecret', label: 'Access key: secret' },
      { name: 'webhookSecret', label: 'Secret of the webhook' },
      ...SENDERS,
    ],
    refusedAt: 'keySecret',
    read: (value) => ({
      vendor: 'sinch',
      gatewayAccount: value('account'),
      secrets: Object.fromEntries(
        ['projectId', 'region', 'keyId', 'keySecret', 'webhookSecret'].map((name) => [name, value(name)]),
      ),
      senders: sendersIn(value),
    }),
  },
  mail: {
    title: 'Connect e-mail',
    about: 'Answers and bounces are read from the mailbox; nothing in it is changed.',
    fields: [
      {
        name: 'from',
        label: 'Mailbox',
        check: starts(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'Write it like hello@example.com.'),
      },
      {
        name: 'smtpUrl',
        label: 'Server for sending',
        hint: 'smtps://user:password@mail.example.com:465',
        check: server('smtp'),
      },
      {
        name: 'imapUrl',
        label: 'Server for reading',
        hint: 'imaps://user:password@mail.example.com:993',
        check: server('imap'),
      },
    ],
    refusedAt: 'smtpUrl',
    read(value) {
      const from = value('from').toLowerCase();
      return {
        vendor: 'mail',
        gatewayAccount: `mail:${from}`,
        secrets: { from, smtpUrl: value('smtpUrl'), imapUrl: value('imapUrl') },
        senders: [{ channel: 'email', sender: from, rate: 5, dailyLimit: 5000 }],
      };
    },
  },
};

/** A mail server by a name of the internet: what is beside us is not for tenants to reach. */
function server(kind: 'smtp' | 'imap') {
  return (value: string): string | undefined => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const fits = url && (url.protocol === `${kind}:` || url.protocol === `${kind}s:`) && url.username !== '';
    if (!fits) return `Write it like ${kind}s://user:password@mail.example.com.`;
    const host = url.hostname;
    return isLoopbackName(host) || !/\.[a-z]{2,}$/i.test(host)
      ? 'Name the server as the internet knows it.'
      : undefined;
  };
}

const OWN_APPROVAL =
  'WhatsApp approves texts for each number: submit them with `/rescue templates`. Until then another number or SMS carries them.';

const OPEN = 'channel_connect';
export const CONNECT = (vendor: string) => `${OPEN}_${vendor}`;

/** The buttons that open the forms, and the forms. */
export function connectFeature(deps: RescueDeps, refresh: Refresh): Required<Pick<Feature, 'actions' | 'modals'>> {
  const vendors = Object.entries(FORMS);
  return {
    actions: Object.fromEntries(
      vendors.map(([vendor, form]) => [
        CONNECT(vendor),
        {
          permission: 'channels.change',
          run: async (asked: Asked, _value: string, place: ActionPlace) =>
            void (await show(asked, place, viewOf(vendor, form, place.viewId ?? ''))),
        } as const,
      ]),
    ),
    modals: Object.fromEntries(
      vendors.map(([vendor, form]): [string, Modal] => [
        CONNECT(vendor),
        {
          permission: 'channels.change',
          async submit(asked, values, below) {
            const done = await save(deps, form, asked, values);
            if (below !== '') asked.afterwards(() => refresh(asked, below));
            return done;
          },
        },
      ]),
    ),
  };
}

/** `below` is the checklist that it lies on; empty where it lies on none. */
function viewOf(vendor: string, { title, about, fields }: Form, below: string): ModalView {
  return modal({
    id: CONNECT(vendor),
    title,
    submit: 'Try and connect',
    close: 'Cancel',
    metadata: below,
    blocks: [
      context(`${about} Your own senders are used before the platform's.`),
      ...fields.map(({ name, label, hint, optional, choices }) => {
        const options = choices?.map((each) => option(each, each));
        const element = options
          ? { type: 'static_select', options, initial_option: options[0] }
          : { type: 'plain_text_input', max_length: 500 };
        return input(name, label, element, { ...(hint && { hint }), ...(optional && { optional }) });
      }),
    ],
  });
}

async function save(deps: RescueDeps, form: Form, asked: Asked, values: FormValues): Promise<Submitted> {
  const value = (name: string) => {
    const field = form.fields.find((each) => each.name === name);
    return (field?.choices ? values.choice(name) : values.text(name)).trim();
  };
  const problems = form.fields.flatMap(({ name, label, optional, check }): FieldProblem[] => {
    const entered = value(name);
    if (entered === '') return optional ? [] : [{ field: name, message: `${label} is missing.` }];
    const message = check?.(entered);
    return message ? [{ field: name, message }] : [];
  });
  const access = form.read(value);
  if (access.senders.length === 0)
    problems.push({ field: 'sms', message: 'Name a number for SMS, for WhatsApp, or both.' });
  if (problems.length > 0) throw validationError(problems);
  const { outcome } = await deps.channels.connect(asked.staff, access).catch((error: unknown) => {
    if (error instanceof KnownError && error.code === 'misconfigured') {
      const told = error.problems.filter(({ field }) => form.fields.some(({ name }) => name === field));
      throw validationError(told.length > 0 ? told : [{ field: form.refusedAt, message: error.userMessage }]);
    }
    throw error;
  });
  const needs = access.senders.some(({ channel }) => channel === 'whatsapp') ? ` ${OWN_APPROVAL}` : '';
  const answer = changedAnswer(deps.playbooks, outcome, `It was tried and works.${needs}`);
  asked.afterwards(() => asked.whisper(answer));
  return { kind: 'close' };
}
