import type { Channel, User } from '../../wire.ts';
import { roleWords } from '../state/people.ts';
import { act } from '../state/server.ts';
import { go } from '../state/ui.ts';
import type { Unread } from '../state/unread.ts';
import { Icon, type IconName, Mark } from '../ui/icons.tsx';
import { PeopleSwitch } from './people-switch.tsx';
import type { Shown } from './shown.ts';

interface SidebarProps {
  me: User;
  staff: User[];
  others: User[];
  rooms: Channel[];
  direct: Channel | undefined;
  place: Shown;
  unread: Unread;
}

/** Who looks, and where they can go. */
export function Sidebar({ me, staff, others, rooms, direct, place, unread }: SidebarProps) {
  const count = (channel: string) => unread.places[`${me.id}/${channel}`] ?? 0;
  const at = (channel: string) => place.at === 'channel' && place.channel.id === channel;
  const dm = direct?.id ?? me.id;
  return (
    <nav className="rail" aria-label="Slack">
      <div className="rail-who">
        <PeopleSwitch me={me} staff={staff} others={others} unread={unread} />
        <p className="rail-name">
          <strong>{me.realName}</strong>
          <span>{roleWords(me)}</span>
        </p>
      </div>
      <div className="rail-places">
        <h3>App</h3>
        <Entry
          sign={<Mark size={16} />}
          words="LeadRescue"
          current={at(dm)}
          count={count(dm)}
          onGo={() => go(me.id, { at: 'channel', channel: dm })}
        />
        <Entry
          icon="home"
          words="App Home"
          current={place.at === 'home'}
          count={0}
          onGo={() => {
            go(me.id, { at: 'home' });
            void act({ act: 'home', user: me.id });
          }}
        />
        {rooms.length > 0 && <h3>Channels</h3>}
        {rooms.map((room) => (
          <Entry
            key={room.id}
            icon={room.kind === 'private' ? 'lock' : 'hash'}
            words={room.name}
            current={at(room.id)}
            count={count(room.id)}
            onGo={() => go(me.id, { at: 'channel', channel: room.id })}
          />
        ))}
      </div>
    </nav>
  );
}

interface EntryProps {
  icon?: IconName;
  sign?: React.ReactNode;
  words: string;
  current: boolean;
  count: number;
  onGo(): void;
}

function Entry({ icon, sign, words, current, count, onGo }: EntryProps) {
  return (
    <button
      type="button"
      className={count > 0 ? 'rail-entry news' : 'rail-entry'}
      aria-current={current ? 'page' : undefined}
      onClick={onGo}
    >
      {icon ? <Icon name={icon} size={16} /> : sign}
      <span className="rail-words">{words}</span>
      {count > 0 && (
        <span className="count-badge" role="img" aria-label={`${count} unread`}>
          {count}
        </span>
      )}
    </button>
  );
}
