package mask_test

import (
	"strings"
	"testing"

	"github.com/cuecompute/cuecompute/pkg/internal/mask"
)

// of returns n characters that this repository's own scanner does not take for a credential.
func of(n int) string { return strings.Repeat("a1b2C3d4", n/8+1)[:n] }

func hexOf(n int) string { return strings.Repeat("a1b2c3d4", n/8+1)[:n] }

// TestCredentials: values that are credentials.
func TestCredentials(t *testing.T) {
	for _, test := range []struct{ name, value, kind string }{
		{"A", "AKIA" + strings.Repeat("A", 16), "AWS access key"},
		{"AWS_SECRET_ACCESS_KEY", of(38) + "/+", "by its name"},
		{"AWS_SECRET_ACCESS_KEY", "/" + of(39), "by its name"},
		{"A", "ghp_" + of(36), "GitHub token"},
		{"A", "github_pat_" + of(82), "GitHub token"},
		{"A", "glpat-" + of(20), "GitLab token"},
		{"A", "glrt-" + of(20), "GitLab token"},
		{"A", "gldt-" + of(20), "GitLab token"},
		{"A", "GR1348941" + of(20), "GitLab runner token"},
		{"A", "npm_" + of(36), "npm token"},
		{"A", "pypi-AgEIcHlwaS5vcmc" + of(60), "PyPI token"},
		{"A", "AIza" + of(35), "Google key"},
		{"A", "SG." + of(22) + "." + of(43), "SendGrid key"},
		{"A", "hvs." + of(95), "Vault token"},
		{"A", "s." + of(24), "Vault token"},
		{"A", "dop_v1_" + hexOf(64), "DigitalOcean token"},
		{"A", "dckr_pat_" + of(27), "Docker Hub token"},
		{"A", "sk-ant-api03-" + of(95), "Anthropic key"},
		{"A", "sk-proj-" + of(74) + "T3BlbkFJ" + of(74), "OpenAI key"},
		{"A", "sk-" + of(20) + "T3BlbkFJ" + of(20), "OpenAI key"},
		{"A", "xoxb-" + of(24), "Slack token"},
		{"A", "xapp-1-A0" + of(20), "Slack app token"},
		{"A", "https://hooks.slack.com/services/T0/B0/" + of(24), "Slack webhook"},
		{"A", "sk_test_" + of(24), "Stripe key"},
		{"A", "whsec_" + of(32), "webhook's signing secret"},
		{"A", "shpat_" + hexOf(32), "Shopify token"},
		{"A", "dapi" + hexOf(32), "Databricks token"},
		{"A", "AGE-SECRET-KEY-1" + strings.ToUpper(of(58)), "age key"},
		{"A", "\n-----BEGIN PGP PRIVATE KEY BLOCK-----\nxcZYBG\n-----END PGP PRIVATE KEY BLOCK-----", "private key"},
		{"A", "-----BEGIN EC PRIVATE KEY-----\nMIIEow", "private key"},
		{"A", "123456789:A" + of(34), "Telegram token"},
		{"A", "eyJ" + of(20) + "." + of(20) + ".c", "JSON web token"},
		{"A", "Authorization: Bearer " + of(24), "bearer token"},
		{"A", "Authorization: Basic YXBwOmh1bnRlcjI=", "basic login"},
		{"A", "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=" + of(86) + "==;EndpointSuffix=core.windows.net", "value of AccountKey"},
		{"A", "mysqldump --password hunter2 app", "value of password"},
		{"A", "PGPASSWORD=hunter2 psql", "value of PGPASSWORD"},
		{"DATABASE_URL", "postgresql://app:kq8ZtR2m@db.example.com/app", "login in a URL"},
		{"A", "postgres://app:p@ss@db/app", "login in a URL"},
		{"A", "postgres://app:p/ss@db/app", "login in a URL"},
		{"A", "redis://:hunter2@cache:6379", "login in a URL"},
		{"SENTRY_DSN", "https://" + hexOf(32) + "@o1.ingest.sentry.io/2", "token in a URL"},
		{"DSN", "app:hunter2@tcp(db:3306)/app", "login of a data source"},
		{"S3_SECRET_ACCESS_KEY", "miniosecretminiosecret", "by its name"},
		{"RUNNERS_AUTH_TOKEN", "abcdef123456", "by its name"},
		{"SMTP_PASS", "hunter2", "by its name"},
		{"dbPwd", "hunter2", "by its name"},
		{"clientSecret", "hunter2", "by its name"},
		{"APIKEY", "hunter2", "by its name"},
		{"STRIPE_KEY", "hunter2hunter2", "by its name"},
		{"SECRET_KEY_BASE", "hunter2", "by its name"},
		{"MYSQL_ROOT_PASSWORD", "1234", "by its name"},
		{"PASSWORD_ADMIN", "hunter2hunter2", "by its name"},
	} {
		if got := mask.KindOf(test.name, test.value); got != test.kind {
			t.Errorf("%s=%s is %q, not %q", test.name, test.value, got, test.kind)
		}
	}
}

// TestNoCredentials: values that resemble credentials, but are none.
func TestNoCredentials(t *testing.T) {
	for _, test := range []struct{ name, value string }{
		{"TOKEN_TTL", "3600s"},
		{"PASSWORD_MIN_LENGTH", "12"},
		{"API_KEY_HEADER", "X-Api-Key"},
		{"SECRET_NAME", "acme-db"},
		{"DB_PASSWORD_FILE", "/run/secrets/db"},
		{"GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/bucket.json"},
		{"MARIADB_RANDOM_ROOT_PASSWORD", "true"},
		{"ALLOW_EMPTY_PASSWORD", "yes"},
		{"DB_PASSWORD", "$(DB_PASSWORD_FROM_VAULT)"},
		{"DB_PASSWORD", "${DB_PASSWORD}"},
		{"DB_PASSWORD", ""},
		{"DB_PASSWORD", "********"},
		{"MAX_TOKENS", "4096"},
		{"LLM_TOKENS", "128000"},
		{"TOKENIZER", "bert-base-uncased"},
		{"TOKEN_SERVICE", "http://tokens:8080"},
		{"COMPASS", "north-by-northwest"},
		{"MONKEY", "bananas"},
		{"SORT_KEY", "created_at"},
		{"PARTITION_KEY", "user_id2_partition"},
		{"PUBLIC_KEY", "ssh-ed25519-AAAAC3NzaC1lZDI1NTE5"},
		{"KMS_KEY", "arn:aws:kms:eu-west-1:123456789012:key/1"},
		{"DSN", "sqlite:///data/app.db"},
		{"SENTRY_DSN", "https://sentry.example.com/2"},
		{"PWD", "/app"},
		{"BASE_URL", "http://{host}:{port}/users/@me"},
		{"A", "https://medium.com/@acme"},
		{"A", "http://acme:8080/a@b"},
		{"A", "ssh://git@git.example.io/acme/rules.git"},
		{"A", "postgres://writer@db:5432/app"},
		{"A", "postgres://svc-payments-prod-01@db:5432/app"},
		{"A", "postgres://app:${DB_PASSWORD}@db/app"},
		{"A", "postgres://app:{password}@{host}/app"},
		{"A", "ghcr.io/acme/web@sha256:" + hexOf(64)},
		{"COMMIT", hexOf(40)},
		{"REQUEST_ID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
		{"A", "-----BEGIN CERTIFICATE-----\nMIIEow"},
		{"A", "AKIA"},
		{"A", "XAKIA" + strings.Repeat("A", 16)},
		{"A", "sk-toolbar-and-more"},
		{"A", "Bearer authentication is required"},
		{"A", "Basic authentication is required"},
		{"A", "--password-file /run/secrets/db"},
		{"A", "--token $TOKEN"},
		{"A", `auth = { strategy = "bearer", token = "${LOGS_TOKEN}" }`},
		{"A", "smtp_sasl_password_maps = texthash:/run/sasl"},
		{"A", "12:30:45:A"},
	} {
		if got := mask.KindOf(test.name, test.value); got != "" {
			t.Errorf("%s=%s is said to be a credential: %s", test.name, test.value, got)
		}
	}
}
