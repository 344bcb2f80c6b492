import type { User } from '../../wire.ts';
import { firstName, roleWords } from '../state/people.ts';
import { choosePerson } from '../state/ui.ts';
import type { Unread } from '../state/unread.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { roving } from '../ui/roving.ts';

/** Everybody somebody can be: those who work here side by side, guests and outsiders in a list. */
export function PeopleSwitch(props: { me: User; staff: User[]; others: User[]; unread: Unread }) {
  const { me, staff, others, unread } = props;
  const shown = staff.some((user) => user.id === me.id) ? staff : [...staff, me];
  return (
    <div className="people" data-tour="people">
      <div className="people-tabs" role="tablist" aria-label="Whose Slack" onKeyDown={roving}>
        {shown.map((user) => {
          const count = unread.people[user.id] ?? 0;
          const current = user.id === me.id;
          return (
            <button
              key={user.id}
              type="button"
              role="tab"
              aria-selected={current}
              tabIndex={current ? 0 : -1}
              className="person"
              title={`${user.realName}, ${roleWords(user)}`}
              aria-label={`${user.realName}, ${roleWords(user)}${count > 0 ? `, ${count} unread` : ''}`}
              onClick={() => choosePerson(user.id)}
            >
              <Avatar name={user.realName} id={user.id} size={32} />
              {count > 0 && !current && <span className="dot" />}
              <span className="person-name">{firstName(user.realName)}</span>
            </button>
          );
        })}
      </div>
      {others.length > 0 && (
        <Menu
          className="person more"
          label="Guests and people of other companies"
          title="Guests and people of other companies"
          button={<Icon name="more" size={16} />}
          items={others.map((user) => ({
            key: user.id,
            words: user.realName,
            more: `${roleWords(user)}: sees no leads`,
            run: () => choosePerson(user.id),
          }))}
        />
      )}
    </div>
  );
}
