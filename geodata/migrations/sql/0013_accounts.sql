-- What keeping accounts in the application needs: their own city's administration, expiry, sign-out everywhere.
SELECT 1;
