// A composer with three small messages, for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "notifications/compose.h"

namespace aiguillage::test {

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
         {"login_link.txt.mustache", "Objet : Votre lien\n\n{{url}}\n"},
         {"login_link.html.mustache", "<p>{{url}}</p>\n"}}}},
      {.public_url = "https://aap.exemple.invalid/",
       .from = {"Aiguillage", "aap@exemple.invalid"},
       .reply_to = ""});
  if (!composer) throw std::runtime_error(composer.refusal().sentence);
  return std::move(composer).value();
}

}  // namespace aiguillage::test
