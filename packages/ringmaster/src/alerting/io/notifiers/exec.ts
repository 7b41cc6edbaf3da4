import { messageJson, type Send } from './notifier.ts';

/** Runs a program that reads the message as JSON on its stdin. */
export const sendExec: Send<'exec'> = async ({ command, args }, message, { run }) => {
  await run({ name: `notifier-${command}`, command, args, input: messageJson(message) });
};
