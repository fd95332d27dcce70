/* A page that is the answer to a form stands in the history with everything that was sent, and the browser writes that
   to its files to restore windows. Replaced by its own address the entry is an ordinary one, and what was sent is gone. */

history.replaceState(history.state, "", location.href);
