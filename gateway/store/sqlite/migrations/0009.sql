-- Whether people of other names have the same picture: such a one tells nobody from anybody.
CREATE INDEX profiles_by_picture ON profiles (picture, name) WHERE picture IS NOT NULL;
