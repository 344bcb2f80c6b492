import { useEffect, useMemo } from 'react';
import type { Channel, User } from '../../wire.ts';
import { useAll, useEntity } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import { markSeen } from '../state/ui.ts';
import { Icon } from '../ui/icons.tsx';
import { Composer } from './composer.tsx';
import { EmptyChannel } from './empty-channel.tsx';
import { MessageList } from './message-list.tsx';
import { countReplies, useShown } from './shown.ts';

/** A channel, or the direct message with the bot. */
export function ChannelView({ me, channel }: { me: User; channel: Channel }) {
  const shown = useShown(me.id, channel.id);
  const roots = useMemo(() => shown.filter(({ value }) => !value.threadTs || value.threadTs === value.ts), [shown]);
  const last = shown.reduce((latest, { arrived }) => Math.max(latest, arrived), 0);
  useEffect(() => markSeen(me.id, channel.id, last), [me.id, channel.id, last]);
  const replies = useMemo(() => countReplies(shown), [shown]);
  const direct = channel.kind === 'im';
  const to = direct ? 'LeadRescue' : `#${channel.name}`;
  return (
    <div className="view">
      <header className="view-head">
        <h2>
          {direct ? (
            'LeadRescue'
          ) : (
            <>
              <Icon name={channel.kind === 'private' ? 'lock' : 'hash'} size={17} />
              {channel.name}
            </>
          )}
        </h2>
        <p>{direct ? 'App, only you see this' : membersWords(channel)}</p>
        <InviteBot me={me} channel={channel} />
      </header>
      <MessageList
        me={me}
        entries={roots}
        replies={replies}
        label={direct ? 'Messages with LeadRescue' : `Messages in ${channel.name}`}
        empty={<EmptyChannel me={me} channel={channel} />}
      />
      <Composer me={me} channel={channel.id} label={`Message ${to}`} hint="Type / for commands" commands />
    </div>
  );
}

function membersWords(channel: Channel): string {
  const people = `${channel.members.length} members`;
  return channel.shared ? `${people}, shared with another company` : people;
}

function InviteBot({ me, channel }: { me: User; channel: Channel }) {
  const users = useAll('user');
  const bot = users.find(({ value }) => value.kind === 'bot');
  useEntity('channel', channel.id);
  if (channel.kind === 'im' || !bot || channel.members.includes(bot.id)) return null;
  return (
    <button
      type="button"
      className="button plain small"
      onClick={() => void act({ act: 'invite', user: me.id, channel: channel.id })}
    >
      Add LeadRescue
    </button>
  );
}
