import { useMemo } from 'react';
import type { Channel, User } from '../../wire.ts';
import { useAll, useEntity, useUi, useValues } from '../state/hooks.ts';
import { channelsOf, inOrder } from '../state/people.ts';
import type { Place } from '../state/ui.ts';
import { countUnread } from '../state/unread.ts';
import { Reader } from '../text/reader.ts';
import { ChannelView } from './channel.tsx';
import { HomeView } from './home.tsx';
import { ModalOf } from './modal.tsx';
import type { Shown } from './shown.ts';
import { Sidebar } from './sidebar.tsx';
import { ThreadPanel } from './thread.tsx';

/** The team's side: Slack, seen by one of them. */
export function SlackPane() {
  const users = useValues('user');
  const channels = useValues('channel');
  const scene = useEntity('scene');
  const { staff, others } = useMemo(() => inOrder(users), [users]);
  const chosen = useUi((ui) => ui.person);
  const me = [...staff, ...others].find((user) => user.id === chosen) ?? staff[0];
  const places = useUi((ui) => ui.places);
  const threads = useUi((ui) => ui.threads);
  const seen = useUi((ui) => ui.seen);
  const messages = useAll('message');
  const whispers = useAll('whisper');
  const unread = useMemo(() => countUnread(messages, whispers, channels, seen), [messages, whispers, channels, seen]);
  const reader = useMemo(() => ({ person: me?.id ?? '', zone: me?.zone ?? 'UTC' }), [me]);

  if (scene?.workspace === null) return <RealSlack />;
  if (!me) return <section className="slack" aria-label="Slack" />;
  const { rooms, direct } = channelsOf(channels, me.id);
  const place = placeOf(places[me.id], rooms, direct ?? virtualDirect(me));
  const thread = threads[me.id];
  return (
    <Reader value={reader}>
      <section className="slack" aria-label={`Slack, as ${me.realName}`} data-tour="slack">
        <Sidebar me={me} staff={staff} others={others} rooms={rooms} direct={direct} place={place} unread={unread} />
        {place.at === 'home' ? (
          <HomeView key={me.id} me={me} />
        ) : (
          <ChannelView key={`${me.id}/${place.channel.id}`} me={me} channel={place.channel} />
        )}
        {place.at === 'channel' && thread && <ThreadPanel key={thread.ts} me={me} {...thread} />}
        <ModalOf key={`modal-${me.id}`} person={me.id} />
      </section>
    </Reader>
  );
}

/** Where a person is: where they went, else with the bot. */
function placeOf(place: Place | undefined, rooms: Channel[], direct: Channel): Shown {
  if (place?.at === 'home') return place;
  const channel = [...rooms, direct].find((each) => each.id === place?.channel) ?? direct;
  return { at: 'channel', channel };
}

/** Before the bot and a person have exchanged a word. */
function virtualDirect(me: User): Channel {
  return { id: me.id, name: 'directmessage', kind: 'im', members: [me.id], shared: false, userId: me.id };
}

function RealSlack() {
  return (
    <section className="slack" aria-label="Slack">
      <div className="empty">
        <h2>Slack is the real one</h2>
        <p>This process is connected to your workspace: open Slack and type /drive there. Phones and time are here.</p>
      </div>
    </section>
  );
}
