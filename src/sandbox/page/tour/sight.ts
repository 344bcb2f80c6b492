import { useMemo } from 'react';
import { useAll, useEntity, useNow, useUi, useValues } from '../state/hooks.ts';
import { channelsOf, inOrder } from '../state/people.ts';
import type { Sight } from './telling.ts';

/** What the tour can see now; undefined before the server has said enough. */
export function useSight(): Sight | undefined {
  const tour = useUi((ui) => ui.tour);
  const scene = useEntity('scene');
  const users = useValues('user');
  const channels = useValues('channel');
  const leads = useValues('lead');
  const texts = useAll('text');
  const me = useMemo(() => inOrder(users).staff[0], [users]);
  const stack = useEntity('modal', me?.id ?? '');
  const now = useNow(1000);
  const lead = leads
    .filter(({ id }) => !tour.before.includes(id))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))[0];
  const number = lead?.number ?? '';
  const customer = useEntity('customer', number);
  const own = useMemo(() => texts.map(({ value }) => value).filter((text) => text.number === number), [texts, number]);
  if (!scene || !me) return undefined;
  return {
    tour,
    now,
    zone: scene.zone,
    language: scene.language,
    business: scene.business,
    me: { id: me.id, name: me.realName },
    channel: channelsOf(channels, me.id).direct?.id ?? me.id,
    modal: stack?.at(-1),
    lead,
    customer,
    texts: own,
  };
}
