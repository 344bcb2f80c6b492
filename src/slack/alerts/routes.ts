import { z } from 'zod';
import { ALERT_KINDS, type AlertKindKey, type AlertRoute, isAlertKind, kindOf, routeOf } from '../../alerts/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import type { Settings } from '../../tenants/index.ts';
import { mention } from '../card/index.ts';
import type { Action, Asked, FormValues, Modal, Submitted } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { usableChannel } from '../rescue/places.ts';
import { changedAnswer, changeNow } from '../settings/direct.ts';
import { button, context, input, type ModalView, option, section } from '../views.ts';
import type { AlertDeps } from './deps.ts';

export const ROUTE = 'alert_route';

const carried = z.object({ kind: z.string(), channel: z.string().nullable() });

/** Where a kind goes, in words. Pure. */
export function routeWords(kind: AlertKindKey, settings: Pick<Settings, 'alertRoutes'>): string {
  const route = routeOf(kind, settings);
  switch (route?.to) {
    case 'off':
      return 'off';
    case 'channel':
      return `<#${route.channel}>`;
    case 'person':
      return mention(route.person);
    case undefined:
      return `the ${kindOf(kind).audience}’ direct messages`;
  }
}

/** A line for each kind, with the button that changes its route. Pure. */
export function routeRows(settings: Pick<Settings, 'alertRoutes'>, mayChange: boolean): object[] {
  return (Object.keys(ALERT_KINDS) as AlertKindKey[]).map((kind) => {
    const { label, says } = kindOf(kind);
    const edit = mayChange ? button({ text: 'Change', actionId: ROUTE, value: kind }) : undefined;
    return section(`*${label}* → ${routeWords(kind, settings)}\n${says}`, edit);
  });
}

function routeModal(kind: AlertKindKey, settings: Settings, channelId: string | null): ModalView {
  const { label, says, audience, mayBeOff } = kindOf(kind);
  const route = routeOf(kind, settings);
  const here = channelId !== null && !channelId.startsWith('D');
  const options = [
    option(`The ${audience}’ direct messages`, 'audience'),
    ...(here ? [option('This channel', 'here')] : []),
    ...(route?.to === 'channel' ? [option('The channel as it is', 'kept')] : []),
    option('One person', 'person'),
    ...(mayBeOff ? [option('Nowhere: off', 'off')] : []),
  ];
  const now = route === undefined ? 'audience' : route.to === 'channel' ? 'kept' : route.to;
  const initial = options.find(({ value }) => value === now);
  const person = { type: 'users_select', ...(route?.to === 'person' && { initial_user: route.person }) };
  return modal({
    id: ROUTE,
    title: 'Where alerts go',
    submit: 'Save',
    close: 'Cancel',
    metadata: JSON.stringify({ kind, channel: here ? channelId : null }),
    blocks: [
      section(`*${label}*\n${says}`),
      input('where', 'Goes to', { type: 'static_select', options, ...(initial && { initial_option: initial }) }),
      input('person', 'Who', person, { optional: true, hint: 'Where it goes to one person.' }),
      ...(here ? [] : [context('For a channel: run `/rescue alerts` in it.')]),
    ],
  });
}

async function wanted(
  deps: AlertDeps,
  asked: Asked,
  values: FormValues,
  channel: string | null,
): Promise<AlertRoute | undefined> {
  switch (values.choice('where')) {
    case 'off':
      return { to: 'off' };
    case 'here':
      return { to: 'channel', channel: await usableChannel({ ...asked, channelId: channel }) };
    case 'person': {
      const person = values.choice('person');
      const known = await deps.staff.bySlackUser(asked.tenant.id, person);
      if (known?.role) return { to: 'person', person };
      throw validationError([{ field: 'person', message: 'Choose somebody who has a role in LeadRescue.' }]);
    }
    default:
      return undefined;
  }
}

export function routing(deps: AlertDeps): { actions: Record<string, Action>; modals: Record<string, Modal> } {
  async function save(asked: Asked, values: FormValues, metadata: string): Promise<Submitted> {
    const { kind, channel } = carried.parse(JSON.parse(metadata));
    if (!isAlertKind(kind)) throw unknownKind();
    if (values.choice('where') === 'kept') return { kind: 'close' };
    const route = await wanted(deps, asked, values, channel);
    const outcome = await changeNow(deps, asked, ({ alertRoutes }) => {
      const { [kind]: _before, ...others } = alertRoutes;
      return { alertRoutes: route ? { ...others, [kind]: route } : others };
    });
    asked.afterwards(() => asked.whisper(changedAnswer(deps.playbooks, outcome)));
    return { kind: 'close' };
  }

  return {
    actions: {
      [ROUTE]: {
        permission: 'settings.change',
        async run(asked, value, place) {
          if (!isAlertKind(value)) throw unknownKind();
          const settings = await deps.tenants.settings(asked.tenant.id);
          await show(asked, place, routeModal(value, settings, asked.channelId));
        },
      },
    },
    modals: { [ROUTE]: { permission: 'settings.change', submit: save } },
  };
}

const unknownKind = () => new KnownError('not_found', 'no such kind of alert', 'There are no such alerts (any more).');
