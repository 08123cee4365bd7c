package app

import "net/http"

// secure has browsers do no more with an answer than it is for: not guess what it is,
// not show it in a frame, not have it read or run by pages of other origins, and not tell
// others where it was. A page that needs more, as the playground, says so itself.
func secure(answer http.Header) {
	answer.Set("X-Content-Type-Options", "nosniff")
	answer.Set("X-Frame-Options", "DENY")
	answer.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	answer.Set("Referrer-Policy", "no-referrer")
	answer.Set("Cross-Origin-Opener-Policy", "same-origin")
	// It is not for those who ask by CORS, whom the setting of origins lets in.
	answer.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// secured sets the headers of secure in every answer.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		next.ServeHTTP(w, r)
	})
}
