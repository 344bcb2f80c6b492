/** Texts the product sends by itself; every playbook has them. */
export const noticeKeys = ['opt_out_confirmation', 'opt_in_confirmation', 'help', 'unknown_sender'] as const;
export type NoticeKey = (typeof noticeKeys)[number];
