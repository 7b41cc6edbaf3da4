import { connectStdio } from '../legs/stdio-client.ts';

// What `ringmaster connect` is to a client's SDK: a program to start, with the endpoint as its argument.
await connectStdio({
  url: process.argv[2] ?? '',
  input: process.stdin,
  output: process.stdout,
});
