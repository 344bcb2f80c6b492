import { PhonesPane } from './phones/phones.tsx';
import { SlackPane } from './slack/slack.tsx';
import { useLine, useMedia, useUi } from './state/hooks.ts';
import { useNewLeads } from './state/newest.ts';
import { type Pane, setUi } from './state/ui.ts';
import { TimePane } from './time/dock.tsx';
import { LineBanner } from './top/line.tsx';
import { MischiefStrip } from './top/mischief.tsx';
import { Notes } from './top/notes.tsx';
import { Topbar } from './top/topbar.tsx';
import { Coach } from './tour/coach.tsx';
import { Icon, type IconName } from './ui/icons.tsx';

const PANES: { pane: Pane; words: string; icon: IconName }[] = [
  { pane: 'slack', words: 'Slack', icon: 'hash' },
  { pane: 'phones', words: 'Phone', icon: 'phone' },
  { pane: 'time', words: 'Timeline', icon: 'clock' },
];

/** Both sides and the time between them; on a phone one at a time. */
export function App() {
  const pane = useUi((ui) => ui.pane);
  const line = useLine();
  const narrow = useMedia('(max-width: 759px)');
  useNewLeads();
  const shown = (which: Pane) => !narrow || pane === which;
  return (
    <div className="app">
      <Topbar />
      <LineBanner />
      <MischiefStrip />
      {line === 'connecting' ? (
        <p className="connecting" role="status">
          Opening the sandbox …
        </p>
      ) : (
        <main className="panes">
          {shown('slack') && <SlackPane />}
          {shown('phones') && <PhonesPane />}
          {shown('time') && <TimePane />}
        </main>
      )}
      {narrow && (
        <nav className="pane-tabs" aria-label="Sides">
          {PANES.map((each) => (
            <button
              key={each.pane}
              type="button"
              aria-current={pane === each.pane ? 'page' : undefined}
              onClick={() => setUi({ pane: each.pane })}
            >
              <Icon name={each.icon} size={20} />
              {each.words}
            </button>
          ))}
        </nav>
      )}
      <Coach />
      <Notes />
    </div>
  );
}
