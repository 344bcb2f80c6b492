import type { Channel, User } from '../../wire.ts';
import { useStartedAgain } from '../state/again.ts';
import { useAll, useUi } from '../state/hooks.ts';
import { firstName } from '../state/people.ts';
import { act } from '../state/server.ts';
import { Mark } from '../ui/icons.tsx';
import { EXAMPLES } from '../words/examples.ts';

/** What to do where nothing has been said yet. */
export function EmptyChannel({ me, channel }: { me: User; channel: Channel }) {
  const greeted = useUi((ui) => ui.tour.state !== 'new' && ui.tour.state !== 'on');
  const leads = useAll('lead').length;
  const again = useStartedAgain();
  if (!greeted) return null; // the tour says what to do
  if (channel.kind !== 'im') {
    return (
      <div className="empty">
        <h2>Nothing in #{channel.name} yet</h2>
        {me.role === 'admin' ? (
          <p>
            As an admin you can type <kbd>/rescue feed</kbd> here: then this channel shows what happens, as it happens.
          </p>
        ) : (
          <p>Commands work here too: type / to see them.</p>
        )}
      </div>
    );
  }
  if (me.role === null) {
    return (
      <div className="empty">
        <Mark size={44} />
        <h2>{me.realName} sees no leads</h2>
        <p>Guests and people of other companies have no part in LeadRescue. Type / and try it: the answer is polite.</p>
      </div>
    );
  }
  if (again) {
    return (
      <div className="empty">
        <Mark size={44} />
        <h2>The sandbox was started again</h2>
        <p>
          Its Slack begins empty; the leads are where they were and their follow-ups go on. Type <kbd>/leads</kbd> to
          see yours: whatever happens next posts its card here anew.
        </p>
      </div>
    );
  }
  if (leads > 0 && me.role !== 'salesperson') {
    return (
      <div className="empty">
        <Mark size={44} />
        <h2>Nothing for {firstName(me.realName)} yet</h2>
        <p>
          Cards are posted to whoever logged the drive. Type <kbd>/kpi</kbd> for the figures, or <kbd>/leads</kbd> for
          everybody's leads.
        </p>
      </div>
    );
  }
  const [anna] = EXAMPLES;
  return (
    <div className="empty">
      <Mark size={44} />
      <h2>No test drive logged yet</h2>
      <p>
        Type <kbd>/drive</kbd> below, or start with an example. The form opens filled in; nothing is sent before you say
        that the customer agreed.
      </p>
      <button
        type="button"
        className="button primary"
        onClick={() =>
          void act({ act: 'slash', user: me.id, channel: channel.id, command: '/drive', text: anna.typed })
        }
      >
        Log {anna.name}'s drive
      </button>
    </div>
  );
}
