"""The person: identity, contacts and consent, each under the survivor's own key."""
