import { type Json, objectOf, textOf } from './json.ts';
import { pictureAddress } from './picture-address.ts';

/** An image of a block. Pictures of other sites are not fetched; their description stands in. */
export function Picture({ image, small, accessory }: { image: Json; small?: boolean; accessory?: boolean }) {
  const alt = textOf(image.alt_text);
  const address = pictureAddress(textOf(image.image_url), objectOf(image.slack_file), location.origin);
  const className = small ? 'picture small' : accessory ? 'picture accessory' : 'picture';
  if (address === undefined) return <span className={`${className} missing`}>{alt}</span>;
  return <img className={className} src={address} alt={alt} />;
}
