import { useEffect, useState } from 'react';
import type { BusinessPhone, Scene } from '../../wire.ts';
import { PhoneFrame } from '../phones/phone-frame.tsx';
import { useNow } from '../state/hooks.ts';
import { clockWords } from '../words/time.ts';
import { Camera } from './camera.tsx';
import { Devices } from './devices.tsx';
import { OnPhone } from './on-phone.tsx';
import { Settings } from './settings.tsx';

/** What lies open on the phone, each over the one before. */
type Opened = 'devices' | 'camera' | 'writing';

/** Long enough to read two words. */
const NEWS_MS = 5000;

/** The business's phone, with what WhatsApp has under Settings: the linked devices, and a camera that links one more. */
export function OwnPhone({ phone, scene }: { phone: BusinessPhone; scene: Scene }) {
  const [opened, setOpened] = useState<readonly Opened[]>([]);
  const [news, setNews] = useState('');
  const now = useNow(5000);
  const top = opened.at(-1);
  const open = (screen: Opened) => {
    setNews('');
    setOpened((screens) => [...screens, screen]);
  };
  useEffect(() => {
    if (news === '') return;
    const timer = setTimeout(() => setNews(''), NEWS_MS);
    return () => clearTimeout(timer);
  }, [news]);
  const back = () => setOpened((screens) => screens.slice(0, -1));
  return (
    <PhoneFrame time={clockWords(now, scene.zone)}>
      <div className="own-screens">
        <Settings phone={phone} scene={scene} covered={top !== undefined} onOpen={open} />
        {opened.includes('writing') && <OnPhone onBack={back} />}
        {opened.includes('devices') && (
          <Devices
            devices={phone.devices}
            zone={scene.zone}
            covered={top !== 'devices'}
            onBack={back}
            onLink={() => open('camera')}
            onLoggedOut={() => setNews('Logged out')}
          />
        )}
        {top === 'camera' && (
          <Camera
            onBack={back}
            onLinked={() => {
              back();
              setNews('Device linked');
            }}
          />
        )}
        <p className="own-news" role="status">
          {news && top === 'devices' && <span className="own-toast">{news}</span>}
        </p>
      </div>
    </PhoneFrame>
  );
}
