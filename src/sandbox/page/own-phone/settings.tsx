import type { BusinessPhone, Scene } from '../../wire.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { phoneWords } from '../words/phone.ts';
import { useCustomer } from './use-customer.ts';

/** What the phone shows first. */
export function Settings(props: {
  phone: BusinessPhone;
  scene: Scene;
  covered: boolean;
  onOpen(screen: 'devices' | 'writing'): void;
}) {
  const { phone, scene, covered, onOpen } = props;
  const linked = phone.devices.length > 0;
  const customer = useCustomer();
  return (
    <section className="own-screen" aria-labelledby="own-settings" inert={covered}>
      <header className="own-head">
        <h3 id="own-settings">Settings</h3>
      </header>
      <div className="own-body">
        <p className="own-card own-profile">
          <span className="chat-sign" aria-hidden="true">
            {[...scene.business][0]}
          </span>
          <span>
            <strong>{scene.business}</strong>
            <span className="own-quiet">{phoneWords(phone.number)}</span>
          </span>
        </p>
        <div className="own-card">
          <Row icon="laptop" words="Linked devices" more={linkedWords(phone)} onPress={() => onOpen('devices')} />
          {linked && customer && (
            <Row
              icon="speech"
              words={`Write to ${customer.called}`}
              more="On the phone itself"
              onPress={() => onOpen('writing')}
            />
          )}
        </div>
        <p className="own-hint">{hintOf(phone)}</p>
      </div>
    </section>
  );
}

function Row(props: { icon: IconName; words: string; more: string; onPress(): void }) {
  return (
    <button type="button" className="own-row" onClick={props.onPress}>
      <Icon name={props.icon} size={20} />
      <span>
        <strong>{props.words}</strong>
        <span className="own-quiet">{props.more}</span>
      </span>
      <span className="own-next">
        <Icon name="chevron" size={16} />
      </span>
    </button>
  );
}

function hintOf({ code, devices }: BusinessPhone): string {
  if (code) return 'A code waits in a direct message in Slack: open Linked devices.';
  if (devices.some(({ connected }) => connected)) {
    return 'WhatsApp messages leave from this phone, and customers write to it.';
  }
  if (devices.length > 0) return 'It is linked, and nobody is connected to it at the moment.';
  return 'WhatsApp without the Business API: an admin types /rescue phone link in Slack, and this phone scans the code.';
}

function linkedWords({ devices }: BusinessPhone): string {
  if (devices.length === 0) return 'None';
  if (devices.length > 1) return `${devices.length} devices`;
  return devices[0]?.connected ? 'LeadRescue, active now' : 'LeadRescue, not connected';
}
