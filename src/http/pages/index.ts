/** The public pages: pure functions from what is known to a page as text. Answer with `pageHeaders` of the same nonce. */
export {
  type BookingState,
  bookingPage,
  calendarWords,
  unknownBookingPage,
} from './booking.ts';
export { cardHeadPage } from './card.ts';
export { errorPage } from './error.ts';
export { exportPage } from './export.ts';
export {
  type FormNotice,
  type FormProblem,
  type FormView,
  formClosedPage,
  formPage,
  formThanksPage,
  HONEYPOT,
} from './form.ts';
export { newNonce, pageHeaders } from './frame.ts';
export { installedPage, installPage } from './install.ts';
export { nativeName, pageLanguage } from './languages.ts';
export { type OptOutState, optOutPage, wayBackWords } from './opt-out.ts';
export { askPage, licencePage } from './private.ts';
export { type StatusView, statusPage } from './status.ts';
export { type Agreement, termsPage } from './terms.ts';
export { type UploadState, uploadPage } from './upload.ts';
