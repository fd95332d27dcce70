/* A page that is the answer to a form stands in the history with everything that was sent, and the browser writes that
   to its files to restore windows. Replaced by its own address the entry is an ordinary one, and what was sent is gone.
   This is no module, since modules wait for the whole page: on a slow machine what was sent was on the disk before. */

history.replaceState(history.state, "", location.href);
