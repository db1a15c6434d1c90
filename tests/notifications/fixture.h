// A composer with three small messages and the shipped one that carries several, for the tests of
// this room.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "notifications/compose.h"

namespace aiguillage::test {

inline std::string ShippedMail(const std::string& name) {
  std::ifstream in(AIGUILLAGE_SOURCE_DIR "/workflows/definitions/common/mails/" + name);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::unique_ptr<notifications::Composer> DemoComposer() {
  auto composer = notifications::Composer::Make(
      {{"demo",
        {{"_layout.txt.mustache", "Bonjour,\n{{> body}}\n"},
         {"_layout.html.mustache", "<p>Bonjour,</p>\n{{> body}}\n"},
         {"hello.txt.mustache",
          "Objet : [{{number}}] Bonjour {{title}}\n\n{{title}}\n{{url}}\n{{call_url}}\n"},
         {"hello.html.mustache", "<p><a href=\"{{url}}\">{{title}}</a></p>\n"},
         {"long.txt.mustache",
          "Objet : [{{number}}] Long\n\n{{reason}}\n"
          "{{#items}}\n- {{label}} : {{value}}\n{{/items}}\n"},
         {"long.html.mustache", "<p>{{reason}}</p>\n"},
         {"together.txt.mustache", ShippedMail("together.txt.mustache")},
         {"together.html.mustache", ShippedMail("together.html.mustache")},
         {"login_link.txt.mustache", "Objet : Votre lien\n\n{{url}}\n"},
         {"login_link.html.mustache", "<p>{{url}}</p>\n"}}}},
      {.public_url = "https://aap.exemple.invalid/",
       .from = {"Aiguillage", "aap@exemple.invalid"},
       .reply_to = ""});
  if (!composer) throw std::runtime_error(composer.refusal().sentence);
  return std::move(composer).value();
}

}  // namespace aiguillage::test
