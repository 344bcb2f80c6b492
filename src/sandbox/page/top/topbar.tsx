import { useEntity } from '../state/hooks.ts';
import { TourButton } from '../tour/tour-button.tsx';
import { Mark } from '../ui/icons.tsx';
import { MischiefButton } from './mischief.tsx';
import { PhoneButton } from './phone.tsx';
import { Reset } from './reset.tsx';
import { Violations } from './violations.tsx';

export function Topbar() {
  const scene = useEntity('scene');
  return (
    <header className="topbar">
      <h1>
        <Mark size={24} />
        <span>LeadRescue</span>
      </h1>
      <p className="topbar-scene">
        {scene && (
          <>
            <strong>{scene.business}</strong>
            <span>Sandbox: the product is real, Slack and the phones are stand-ins</span>
          </>
        )}
      </p>
      <div className="topbar-tools">
        <Violations />
        <TourButton />
        <PhoneButton />
        <MischiefButton />
        <Reset />
      </div>
    </header>
  );
}
