// What OpenSMTPD 6.8 needs to speak TLS with OpenSSL 3, loaded before it by opensmtpd.cpp.
//
// Its listening process has no private key: it marks the public one (RSA_set_ex_data), and another
// process signs for the marked ones. OpenSSL 3 hands out a copy of the key there, so the mark is
// lost and each handshake ends in « missing private key », RSA or ECDSA, TLS 1.2 or 1.3, whatever
// openssl.cnf says: OpenSMTPD issues 1171 and 1239, mended there in 2023 by giving the key back as
// we do here. Debian 12 has 6.8.0p2.
#include <dlfcn.h>

struct evp_pkey_st;
struct rsa_st;

extern "C" rsa_st* EVP_PKEY_get1_RSA(evp_pkey_st* key) {
  static const auto kGet =
      reinterpret_cast<rsa_st* (*)(evp_pkey_st*)>(dlsym(RTLD_NEXT, "EVP_PKEY_get1_RSA"));
  static const auto kSet =
      reinterpret_cast<int (*)(evp_pkey_st*, rsa_st*)>(dlsym(RTLD_NEXT, "EVP_PKEY_set1_RSA"));
  rsa_st* rsa = kGet(key);
  if (rsa != nullptr) kSet(key, rsa);
  return rsa;
}
