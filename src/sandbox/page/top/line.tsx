import { useLine } from '../state/hooks.ts';

/** The server is not heard: said until it is. */
export function LineBanner() {
  const line = useLine();
  if (line !== 'lost') return null;
  return (
    <div className="strip lost" role="status">
      <span className="spinner" aria-hidden="true" />
      <p>
        <strong>Reconnecting …</strong> <span>What you see is the last that was heard.</span>
      </p>
    </div>
  );
}
