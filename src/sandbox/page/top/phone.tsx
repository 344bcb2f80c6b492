import { OwnPhone } from '../own-phone/own-phone.tsx';
import { useEntity } from '../state/hooks.ts';
import { Icon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';

/** The business's own phone: WhatsApp by scanning a code, without the Business API. */
export function PhoneButton() {
  const phone = useEntity('phone');
  const scene = useEntity('scene');
  if (!phone || !scene) return null;
  return (
    <Popover
      label="The business's phone"
      className="top-button"
      sheet="own-phone"
      button={
        <>
          <Icon name="phone" size={17} />
          <span>Phone</span>
          {phone.code && <span className="count-badge">1</span>}
        </>
      }
    >
      <OwnPhone phone={phone} scene={scene} />
    </Popover>
  );
}
