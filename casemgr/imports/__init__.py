"""Line lists from elsewhere: a row becomes case file, person, incident and fact, or is refused."""
