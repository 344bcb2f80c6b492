import { useEffect, useRef, useState } from 'react';
import { attempt } from '../state/server.ts';
import { Screen } from './screen.tsx';
import { useSight } from './sight.ts';

/** How long a phone needs to make out a code. */
const SCAN_MS = 1500;

interface CameraProps {
  onBack(): void;
  onLinked(): void;
}

/** Held in front of Slack: sees the code that is shown there, and links the phone with it. */
export function Camera({ onBack, onLinked }: CameraProps) {
  const [tries, setTries] = useState(0);
  return (
    <Screen title="Link a device" onBack={onBack} className="own-camera">
      <Viewfinder key={tries} onLinked={onLinked} onAgain={() => setTries(tries + 1)} />
    </Screen>
  );
}

type Stage = { at: 'looking' | 'linking' } | { at: 'failed'; why: string };

function Viewfinder({ onLinked, onAgain }: { onLinked(): void; onAgain(): void }) {
  const sight = useSight();
  const [stage, setStage] = useState<Stage>({ at: 'looking' });
  const linked = useRef(onLinked);
  linked.current = onLinked;
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);

  useEffect(() => {
    if (!sight || stage.at !== 'looking') return;
    const timer = setTimeout(async () => {
      setStage({ at: 'linking' });
      const answer = await attempt({ act: 'phone_scan', code: sight.code });
      if (!there.current) return;
      if ('error' in answer) setStage({ at: 'failed', why: answer.error });
      else linked.current();
    }, SCAN_MS);
    return () => clearTimeout(timer);
  }, [sight, stage]);

  return (
    <>
      <div className={`own-view ${sight ? stage.at : 'dark'}`}>
        {sight && <img src={sight.address} alt="The code that Slack shows" />}
        <span className="own-corners" aria-hidden="true" />
      </div>
      {stage.at === 'failed' ? (
        <Failure why={stage.why} onAgain={onAgain} />
      ) : (
        <p className="own-words" role="status">
          <strong>{titleOf(stage, sight !== undefined)}</strong>
          <span>{sight ? 'It is the code that Slack shows now.' : HOW}</span>
        </p>
      )}
    </>
  );
}

const HOW = 'An admin types /rescue phone link in Slack; the code comes there as a direct message.';

function titleOf({ at }: Stage, seen: boolean): string {
  if (at === 'linking') return 'Linking …';
  return seen ? 'Scanning the code …' : 'No code in sight';
}

function Failure({ why, onAgain }: { why: string; onAgain(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className="own-words" role="alert">
      <strong>Could not link the device</strong>
      <span>{why} The code in Slack changes every few seconds.</span>
      <button type="button" ref={button} className="button" onClick={onAgain}>
        Try again
      </button>
    </div>
  );
}
