import { useMemo } from 'react';
import type { User } from '../../wire.ts';
import { ActingOn, useDrafts } from '../blocks/acting.tsx';
import { Blocks } from '../blocks/blocks.tsx';
import { useEntity } from '../state/hooks.ts';

/** App Home: what the app shows to this person alone. */
export function HomeView({ me }: { me: User }) {
  const home = useEntity('home', me.id);
  const { drafts, note } = useDrafts();
  const place = useMemo(() => ({ view: home?.id ?? '' }), [home?.id]);
  return (
    <div className="view">
      <header className="view-head">
        <h2>App Home</h2>
        <p>What LeadRescue shows to {me.realName} alone</p>
      </header>
      <div className="messages">
        {home ? (
          <div className="home">
            <ActingOn
              person={me.id}
              place={place}
              values={home.values}
              errors={home.errors}
              drafts={drafts}
              onDraft={note}
            >
              <Blocks blocks={home.blocks} />
            </ActingOn>
          </div>
        ) : (
          <div className="empty">
            <h2>Nothing here yet</h2>
            <p>LeadRescue has not put anything on {me.realName}'s App Home. Commands work in every channel: type /.</p>
          </div>
        )}
      </div>
    </div>
  );
}
