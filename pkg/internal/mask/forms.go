package mask

import "strings"

// form describes one kind of credential: its issuer's prefix, and the least and most characters
// of a set that follow (most 0: no limit).
type form struct {
	kind, prefix      string
	set               *set
	shortest, longest int
}

// set is a set of bytes.
type set [256]bool

func setOf(chars string) *set {
	var s set
	for i := 0; i < len(chars); i++ {
		s[chars[i]] = true
	}
	return &s
}

const (
	digits = "0123456789"
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var (
	hex     = setOf(digits + "abcdefABCDEF")
	caps    = setOf(digits + uppers)
	alnum   = setOf(digits + lowers + uppers)
	word    = setOf(digits + lowers + uppers + "_-")
	dotted  = setOf(digits + lowers + uppers + "_-.=")
	base64s = setOf(digits + lowers + uppers + "+/=")
	token   = setOf(digits + lowers + uppers + "+/=_-.~")
)

// forms are the credentials that are recognised by their prefix. Prefixes, characters and
// lengths are facts of the rules of gitleaks (github.com/gitleaks/gitleaks,
// config/gitleaks.toml at commit b58d3f102cf3 of 2026-07-22), unless marked with another
// source. shortest is the rule's length, or at most 20 where the prefix alone is unmistakable,
// because a message may quote only the beginning.
var forms = []form{
	{"AWS access key", "AKIA", caps, 16, 16},
	{"AWS access key", "ASIA", caps, 16, 16},
	{"AWS access key", "ABIA", caps, 16, 16},
	{"AWS access key", "ACCA", caps, 16, 16},
	{"AWS Bedrock key", "ABSK", base64s, 109, 0},
	{"Alibaba access key", "LTAI", alnum, 20, 20},
	{"Anthropic key", "sk-ant-", word, 20, 0},
	{"Artifactory key", "AKCp", alnum, 69, 69},
	{"Atlassian token", "ATATT3", dotted, 20, 0},
	{"age key", "AGE-SECRET-KEY-1", caps, 20, 58},
	{"Databricks token", "dapi", hex, 32, 32},
	{"DigitalOcean token", "dop_v1_", hex, 20, 64},
	{"DigitalOcean token", "doo_v1_", hex, 20, 64},
	{"DigitalOcean token", "dor_v1_", hex, 20, 64},
	{"Docker Hub token", "dckr_pat_", word, 20, 0}, // docker/docs, content/reference/api/ai-governance/api.yaml, bearerAuth, checked 2026-11-29
	{"Docker Hub token", "dckr_oat_", word, 20, 0}, // likewise
	{"Doppler token", "dp.pt.", alnum, 20, 43},
	{"Duffel token", "duffel_live_", dotted, 20, 43},
	{"Duffel token", "duffel_test_", dotted, 20, 43},
	{"Dynatrace token", "dt0c01.", dotted, 20, 0},
	{"EasyPost token", "EZAK", alnum, 54, 54},
	{"EasyPost token", "EZTK", alnum, 54, 54},
	{"Fly.io token", "fo1_", word, 43, 43},
	{"Fly.io token", "fm1a_", base64s, 20, 0},
	{"Fly.io token", "fm1r_", base64s, 20, 0},
	{"Fly.io token", "fm2_", base64s, 20, 0},
	{"GitHub token", "ghp_", alnum, 20, 0},
	{"GitHub token", "gho_", alnum, 20, 0},
	{"GitHub token", "ghu_", alnum, 20, 0},
	{"GitHub token", "ghs_", alnum, 20, 0},
	{"GitHub token", "ghr_", alnum, 20, 0},
	{"GitHub token", "github_pat_", word, 20, 0},
	{"GitLab token", "glpat-", dotted, 20, 0},
	{"GitLab token", "gldt-", word, 20, 0},
	{"GitLab token", "glrt-", dotted, 20, 0},
	{"GitLab token", "glptt-", hex, 20, 40},
	{"GitLab token", "glcbt-", word, 20, 0},
	{"GitLab token", "glffct-", word, 20, 0},
	{"GitLab token", "glft-", word, 20, 0},
	{"GitLab token", "glimt-", word, 20, 0},
	{"GitLab token", "glagent-", word, 20, 0},
	{"GitLab token", "gloas-", word, 20, 0},
	{"GitLab token", "glsoat-", word, 20, 0},
	{"GitLab runner token", "GR1348941", word, 20, 0},
	{"Google key", "AIza", word, 35, 35},
	{"Google client secret", "GOCSPX-", word, 20, 28}, // praetorian-inc/noseyparker, rules/google.yml, np.google.2, checked 2026-11-29
	{"Grafana token", "glc_", base64s, 32, 0},
	{"Grafana token", "glsa_", word, 32, 0},
	{"Heroku key", "HRKU-AA", word, 20, 58},
	{"Hugging Face token", "hf_", alnum, 34, 34},
	{"Hugging Face token", "api_org_", alnum, 34, 34},
	{"Infracost token", "ico-", alnum, 32, 32},
	{"Linear key", "lin_api_", alnum, 20, 40},
	{"npm token", "npm_", alnum, 36, 36},
	{"Notion token", "ntn_", alnum, 46, 46},
	{"OpenAI key", "sk-proj-", word, 20, 0},
	{"OpenAI key", "sk-svcacct-", word, 20, 0},
	{"OpenAI key", "sk-admin-", word, 20, 0},
	{"OpenAI key", "sk-", alnum, 48, 48},
	{"1Password token", "ops_eyJ", base64s, 20, 0},
	{"Perplexity key", "pplx-", alnum, 48, 48},
	{"PlanetScale token", "pscale_tkn_", dotted, 20, 0},
	{"PlanetScale token", "pscale_oauth_", dotted, 20, 0},
	{"PlanetScale password", "pscale_pw_", dotted, 20, 0},
	{"Postman key", "PMAK-", word, 59, 59},
	{"Prefect token", "pnu_", alnum, 36, 36},
	{"Pulumi token", "pul-", hex, 40, 40},
	{"PyPI token", "pypi-AgEI", word, 20, 0},
	{"RubyGems token", "rubygems_", hex, 48, 48},
	{"SendGrid key", "SG.", dotted, 66, 66},
	{"Sentry token", "sntrys_eyJ", token, 20, 0},
	{"Sentry token", "sntryu_", hex, 64, 64},
	{"Shopify token", "shpat_", hex, 20, 32},
	{"Shopify token", "shpca_", hex, 20, 32},
	{"Shopify token", "shppa_", hex, 20, 32},
	{"Shopify secret", "shpss_", hex, 20, 32},
	{"Slack token", "xoxa-", word, 10, 0},
	{"Slack token", "xoxb-", word, 10, 0},
	{"Slack token", "xoxe-", word, 10, 0},
	{"Slack token", "xoxe.xox", word, 10, 0},
	{"Slack token", "xoxo-", word, 10, 0},
	{"Slack token", "xoxp-", word, 10, 0},
	{"Slack token", "xoxr-", word, 10, 0},
	{"Slack token", "xoxs-", word, 10, 0},
	{"Slack app token", "xapp-", word, 20, 0},
	{"Slack webhook", "hooks.slack.com/services/", base64s, 20, 0},
	{"Slack webhook", "hooks.slack.com/workflows/", base64s, 20, 0},
	{"Slack webhook", "hooks.slack.com/triggers/", base64s, 20, 0},
	{"Stripe key", "sk_live_", alnum, 10, 0},
	{"Stripe key", "sk_test_", alnum, 10, 0},
	{"Stripe key", "sk_prod_", alnum, 10, 0},
	{"Stripe key", "rk_live_", alnum, 10, 0},
	{"Stripe key", "rk_test_", alnum, 10, 0},
	{"Stripe key", "rk_prod_", alnum, 10, 0},
	{"webhook's signing secret", "whsec_", base64s, 20, 0}, // standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Signature scheme", checked 2026-11-29; Stripe's begin likewise
	{"Twilio key", "SK", hex, 32, 32},
	{"Vault token", "hvs.", word, 20, 0},
	{"Vault token", "hvb.", word, 20, 0},
}

// byFirst groups the forms by the first byte of their prefix, the longest prefix first.
var byFirst = func() (table [256][]form) {
	for _, f := range forms {
		i := 0
		for list := table[f.prefix[0]]; i < len(list) && len(list[i].prefix) >= len(f.prefix); i++ {
		}
		list := append(table[f.prefix[0]], form{})
		copy(list[i+1:], list[i:])
		list[i] = f
		table[f.prefix[0]] = list
	}
	return table
}()

// known returns the kind and length of the credential at the beginning of a text; length 0 for
// none.
func known(text string) (kind string, length int) {
	for i := range byFirst[text[0]] {
		f := &byFirst[text[0]][i]
		if !strings.HasPrefix(text, f.prefix) {
			continue
		}
		n := f.set.count(text[len(f.prefix):])
		if n >= f.shortest && (f.longest == 0 || n <= f.longest) {
			return f.kind, len(f.prefix) + n
		}
	}
	switch text[0] {
	case 'e':
		return jsonWebToken(text)
	case 's':
		return oldVaultToken(text)
	case 'B', 'b', 'T', 't':
		return authorization(text)
	case '-':
		return privateKey(text)
	}
	return "", 0
}

// count returns the number of leading bytes of a text that are in the set.
func (s *set) count(text string) int {
	n := 0
	for n < len(text) && s[text[n]] {
		n++
	}
	return n
}

// jsonWebToken: header and claims are JSON objects in base64 (RFC 7519), then a signature.
func jsonWebToken(text string) (string, int) {
	if !strings.HasPrefix(text, "eyJ") {
		return "", 0
	}
	length := 0
	for part := range 3 {
		if part > 0 {
			if length >= len(text) || text[length] != '.' {
				return "", 0
			}
			length++
		}
		n := word.count(text[length:])
		if n < 10 && part < 2 {
			return "", 0
		}
		length += n
	}
	return "JSON web token", length
}

// oldVaultToken: s. and 24 letters and digits, before Vault 1.10.
func oldVaultToken(text string) (string, int) {
	if len(text) < 26 || text[1] != '.' || alnum.count(text[2:]) != 24 || !mixed(text[2:26]) {
		return "", 0
	}
	return "Vault token", 26
}

// authorization: the value of an Authorization header (RFC 6750, RFC 7617).
func authorization(text string) (string, int) {
	for _, scheme := range []string{"Bearer ", "bearer ", "Token ", "token "} {
		if rest, ok := strings.CutPrefix(text, scheme); ok {
			if n := token.count(rest); n >= 16 && hasDigit(rest[:n]) {
				return "bearer token", len(scheme) + n
			}
			return "", 0
		}
	}
	for _, scheme := range []string{"Basic ", "basic "} {
		if rest, ok := strings.CutPrefix(text, scheme); ok {
			if n := base64s.count(rest); n >= 8 && isLogin(rest[:n]) {
				return "basic login", len(scheme) + n
			}
		}
	}
	return "", 0
}

// privateKey: a block of PEM or PGP with all that it encloses, to its end or the text's.
func privateKey(text string) (string, int) {
	label, ok := strings.CutPrefix(text, "-----BEGIN ")
	if !ok {
		return "", 0
	}
	label, _, ok = strings.Cut(label, "-----")
	if !ok || len(label) > 100 || !strings.HasSuffix(strings.TrimSuffix(label, " BLOCK"), "PRIVATE KEY") {
		return "", 0
	}
	end := "-----END " + label + "-----"
	if i := strings.Index(text, end); i >= 0 {
		return "private key", i + len(end)
	}
	return "private key", len(text)
}
