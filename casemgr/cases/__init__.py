"""The case file: state, who works on it, who must never see it, notes, tasks, timeline."""
