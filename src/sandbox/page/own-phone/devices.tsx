import { useId, useRef, useState } from 'react';
import type { LinkedDevice } from '../../wire.ts';
import { useChange } from '../state/change.ts';
import { useNow } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import { useFocusTrap } from '../ui/focus.ts';
import { Icon } from '../ui/icons.tsx';
import { fullWords } from '../words/time.ts';
import { Screen } from './screen.tsx';

interface DevicesProps {
  devices: readonly LinkedDevice[];
  zone: string;
  covered: boolean;
  onBack(): void;
  onLink(): void;
  onLoggedOut(): void;
}

/** The devices that read and write in this phone's name; each can be logged out. */
export function Devices({ devices, zone, covered, onBack, onLink, onLoggedOut }: DevicesProps) {
  const [chosen, setChosen] = useState<string>();
  const device = devices.find(({ id }) => id === chosen);
  const link = useRef<HTMLButtonElement>(null);
  // the row that had the focus is gone with its device
  useChange(devices.length, () => {
    if (document.activeElement === document.body) link.current?.focus();
  });
  return (
    <Screen title="Linked devices" onBack={onBack} covered={covered}>
      <div className="own-body">
        <div className="own-card own-invitation">
          <span className="own-sign">
            <Icon name="laptop" size={34} />
          </span>
          <p>Use WhatsApp on other devices, as LeadRescue does.</p>
          <button type="button" ref={link} className="button primary" data-first onClick={onLink}>
            Link a device
          </button>
        </div>
        {devices.length > 0 ? (
          <>
            <h4 className="own-label" id="own-devices">
              Device status
            </h4>
            <ul className="own-card" aria-labelledby="own-devices">
              {devices.map((each) => (
                <li key={each.id}>
                  <button type="button" className="own-row" onClick={() => setChosen(each.id)}>
                    <Icon name="laptop" size={20} />
                    <span>
                      <span className="own-name">
                        <strong>LeadRescue</strong>
                        <span className={each.connected ? 'chip good' : 'chip'}>
                          {each.connected ? 'Active now' : 'Not connected'}
                        </span>
                      </span>
                      <Since device={each} zone={zone} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            <p className="own-hint">Tap a device to log it out.</p>
          </>
        ) : (
          <p className="own-hint">No device is linked.</p>
        )}
      </div>
      {device && (
        <DeviceSheet
          device={device}
          zone={zone}
          onClose={() => setChosen(undefined)}
          onLogOut={() => {
            setChosen(undefined);
            void act({ act: 'phone_log_out', device: device.id }).then((answer) => answer && onLoggedOut());
          }}
        />
      )}
    </Screen>
  );
}

function Since({ device, zone }: { device: LinkedDevice; zone: string }) {
  const now = useNow(60_000);
  return <span className="own-quiet">Linked {fullWords(Date.parse(device.linkedAt), zone, now)}</span>;
}

function DeviceSheet(props: { device: LinkedDevice; zone: string; onClose(): void; onLogOut(): void }) {
  const { device, zone, onClose, onLogOut } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useFocusTrap(box, onClose);
  return (
    <div className="own-veil" role="presentation">
      <div ref={box} className="own-sheet" role="dialog" aria-modal="true" aria-labelledby={id}>
        <p className="own-profile">
          <span className="own-sign small">
            <Icon name="laptop" size={20} />
          </span>
          <span>
            <strong id={id}>LeadRescue</strong>
            <Since device={device} zone={zone} />
          </span>
        </p>
        <p className="own-quiet">
          Logged out, it sends nothing from this phone any more. To come back, it must be linked again.
        </p>
        <button type="button" className="button danger" onClick={onLogOut}>
          Log out
        </button>
        <button type="button" className="button plain" data-first onClick={onClose}>
          Close
        </button>
      </div>
    </div>
  );
}
