/** Where everything of a local stack listens: nobody but this machine reaches it. */
export const loopback = "127.0.0.1";
