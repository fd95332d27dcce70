"""Case conferences: units that talk about one survivor's needs, by her consent, under its own key."""
